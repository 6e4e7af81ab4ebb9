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

/** The document as the evaluator takes it: an object. A text that holds none cannot be handed over. */
export function parsed(document, pointer) {
  let value = document;
  if (typeof document === 'string') {
    try {
      value = JSON.parse(document);
    } catch {
      throw new Unasked(rejected(pointer, 'not JSON; the evaluator takes parsed documents'));
    }
  }
  if (typeof value !== 'object' || value === null) {
    throw new Unasked(rejected(pointer, 'not a JSON object; the evaluator takes objects'));
  }
  return value;
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
