// Decides how a document of a question is handed over, and what is answered where it cannot be.

/** An answer that is known before the evaluator is asked, because the question cannot be handed to it. */
export class Unasked extends Error {
  constructor(answer) {
    super(answer.answer);
    this.answer = answer;
  }
}

export function rejected(policy, message) {
  return { answer: 'rejected', policy, message };
}

/** The document as the evaluator takes it: an object. An exact text would lose what makes it a text. */
export function parsed(document) {
  if (typeof document !== 'object' || document === null) {
    throw new Unasked({ answer: 'unsupported', feature: 'exact-text' });
  }
  return document;
}

/** What `translate` returns, or `{ answer }` where the question cannot be handed over. */
export function unlessUnasked(translate) {
  try {
    return translate();
  } catch (error) {
    if (error instanceof Unasked) return { answer: error.answer };
    throw error;
  }
}
