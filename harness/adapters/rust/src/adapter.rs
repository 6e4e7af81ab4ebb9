//! Decides which questions reach an evaluator, and what is answered where one cannot be handed over.

use kms_model::question::{Ask, Authorization, Authorize, Context, Validate};
use kms_model::{Answer, Description, Detail, Dialect, Document, Evaluator, Outcome, Question};

/// An evaluator that takes one action on one resource at a time.
#[derive(Clone, Debug)]
pub struct Adapter {
    description: Description,
    authorize: fn(&Request<'_>) -> Result<Outcome, Unasked>,
    validate: fn(&Validate) -> Result<(), String>,
}

/// A request for one authorization, with its context.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The question.
    pub ask: &'a Authorize,
    /// What must be authorized.
    pub authorization: &'a Authorization,
    /// The condition keys of the request.
    pub context: &'a Context,
}

/// An answer that is not the evaluator's decision: the question could not be handed over, or the evaluator failed at it.
#[derive(Debug)]
pub struct Unasked(Box<Answer>);

impl Unasked {
    /// The evaluator fails at the question.
    pub fn error(message: impl ToString) -> Self {
        Self(Box::new(Answer::error(message.to_string())))
    }

    /// The evaluator refuses a document: the one at `pointer`, where it tells.
    pub fn rejected(pointer: Option<String>, message: impl ToString) -> Self {
        let answer = Answer::from(Outcome::Rejected { policy: pointer });
        Self(Box::new(answer.message(message.to_string())))
    }

    /// The evaluator has no place for what the question holds.
    pub fn unsupported(feature: &str) -> Self {
        Self(Box::new(Outcome::Unsupported { feature: feature.to_owned() }.into()))
    }
}

impl Adapter {
    /// An adapter to `name` in this version, which has a place for what these features name.
    pub fn new(
        name: &str,
        version: &str,
        features: &[&str],
        authorize: fn(&Request<'_>) -> Result<Outcome, Unasked>,
    ) -> Self {
        let mut description = Description::new(name, version, Dialect::Aws);
        description.features = features.iter().map(|&word| word.to_owned()).collect();
        Self { description, authorize, validate: |_| Ok(()) }
    }

    /// This adapter, whose evaluator does not tell one kind of refusal from the other.
    #[must_use]
    pub fn without_deny_kinds(mut self) -> Self {
        self.description.detail = Detail::Decision;
        self
    }

    /// This adapter, whose evaluator accepts a document or says why it refuses it. Which types of document it takes is for
    /// the features to say.
    #[must_use]
    pub fn validating(mut self, validate: fn(&Validate) -> Result<(), String>) -> Self {
        self.validate = validate;
        self
    }

    fn decide(&self, question: &Question) -> Result<Outcome, Unasked> {
        if question.dialect != Dialect::Aws {
            let word = question.dialect.word();
            return Err(Unasked::error(format!("the dialect `{word}` is not spoken here")));
        }
        let lacks = question.features().into_iter().find(|feature| !self.description.has(*feature));
        if let Some(feature) = lacks {
            return Err(Unasked::unsupported(feature.word()));
        }
        match &question.ask {
            Ask::Authorize(ask) => {
                let [authorization] = ask.authorizations.as_slice() else {
                    return Err(Unasked::unsupported("operations"));
                };
                let Some(context) = &authorization.context else {
                    return Err(Unasked::unsupported("derives-context"));
                };
                (self.authorize)(&Request { ask, authorization, context })
            }
            Ask::Validate(ask) => match (self.validate)(ask) {
                Ok(()) => Ok(Outcome::Accepted),
                Err(message) => Err(Unasked::rejected(Some("/document".to_owned()), message)),
            },
            _ => Err(Unasked::error("a kind of question that is not known here")),
        }
    }
}

impl Evaluator for Adapter {
    fn description(&self) -> &Description {
        &self.description
    }

    fn answer(&mut self, question: &Question) -> Answer {
        self.decide(question).map_or_else(|Unasked(answer)| *answer, Answer::from)
    }
}

impl<'a> Request<'a> {
    /// The caller's identity policies, each with its place in the question.
    pub fn identity_policies(&self) -> impl Iterator<Item = (String, &'a Document)> {
        let policies = self.ask.caller.policies.iter().enumerate();
        policies.map(|(at, policy)| (format!("/caller/policies/{at}"), &policy.document))
    }

    /// The policy of the resource, with its place in the question.
    pub fn resource_policy(&self) -> Option<(String, &'a Document)> {
        let policy = self.authorization.resource.policy.as_ref();
        policy.map(|document| ("/authorizations/0/resource/policy".to_owned(), document))
    }

    /// The service control policies, root first, where each level has exactly one. Evaluators that take a list of documents
    /// cannot be told which of them share a level, or that a level has none.
    ///
    /// # Errors
    /// When there is another number of documents at a level.
    pub fn scps(&self) -> Result<Option<Vec<(String, &'a Document)>>, Unasked> {
        let Some(levels) = &self.ask.caller.scps else { return Ok(None) };
        let only = |(at, level): (usize, &'a Vec<Document>)| match level.as_slice() {
            [document] => Ok((format!("/caller/scps/{at}/0"), document)),
            _ => Err(Unasked::unsupported("scp-levels")),
        };
        levels.iter().enumerate().map(only).collect::<Result<_, _>>().map(Some)
    }

    /// The session policies, each with its place in the question; none where the list is empty or not there.
    pub fn session_policies(&self) -> impl Iterator<Item = (String, &'a Document)> {
        let policies = self.ask.caller.session_policies.iter().flatten().enumerate();
        policies.map(|(at, document)| (format!("/caller/session-policies/{at}"), document))
    }

    /// Whether a document of the question holds the name of a condition key, in any case of letters.
    pub fn names(&self, key: &str) -> bool {
        let key = key.to_lowercase();
        self.documents().any(|document| document.text().to_lowercase().contains(&key))
    }

    /// Whether a document of the question compares a condition key with bytes. No table of keys names one that holds bytes, so
    /// the question tells no type of it; who asks would know.
    pub fn compares_bytes(&self, key: &str) -> bool {
        let statements = self
            .documents()
            .filter_map(|document| document.policy().ok())
            .flat_map(|policy| &policy.statements);
        let mut conditions = statements.flat_map(|statement| &statement.conditions);
        conditions.any(|condition| {
            condition.operator.text.starts_with("Binary") && condition.key.text.eq_ignore_ascii_case(key)
        })
    }

    fn documents(&self) -> impl Iterator<Item = &'a Document> {
        let documents = self.identity_policies().chain(self.resource_policy()).chain(self.session_policies());
        let documents = documents.map(|(_, document)| document).chain(&self.ask.caller.boundary);
        documents.chain(self.ask.caller.scps.iter().flatten().flatten())
    }

    /// The type of a condition key's values: `string`, `arn`, `bool`, `date`, `ip-address`, `numeric`, `binary`.
    pub fn type_of(&self, key: &str) -> &'a str {
        self.ask.context_types.get(key).map_or("string", String::as_str)
    }
}
