//! Decides which question the bytes of a fuzzer are.

use kms_model::{Dialect, Question};

use crate::{Bytes, Choices, Settings, generate};

/// The question that the bytes are: JSON where they begin with `{`, else the choices of the generator. `None` for JSON that
/// is not a question of that dialect; where none is named, both will do.
///
/// The choices of a generator lose their meaning when the generator changes, and a question cannot be turned back into
/// them. JSON keeps it, so that one corpus serves every target.
pub fn read(dialect: Option<Dialect>, bytes: &[u8], settings: &Settings) -> Option<Question> {
    if bytes.first() == Some(&b'{') {
        let question = Question::parse(std::str::from_utf8(bytes).ok()?).ok()?;
        return dialect.is_none_or(|wanted| question.dialect == wanted).then_some(question);
    }
    let mut choices = Bytes::new(bytes);
    let dialect = dialect.unwrap_or_else(|| if choices.below(2) == 0 { Dialect::Aws } else { Dialect::Ram });
    Some(generate::question(dialect, &mut choices, settings))
}
