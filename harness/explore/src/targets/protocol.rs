//! Decides whether the messages of the protocol survive being read and written.

use kms_model::wire::Request;

use super::Code;

/// Reads the bytes as a line of the harness and as both kinds of line of an evaluator.
///
/// # Errors
/// What does not hold.
pub fn protocol(bytes: &[u8], code: &dyn Code) -> Result<(), String> {
    let Ok(line) = std::str::from_utf8(bytes) else { return Ok(()) };
    match code.request(line) {
        Ok(Request::Ask(id, question)) => {
            if let Ok(question) = *question {
                let written = code.ask(id, &question);
                match code.request(&written) {
                    Ok(Request::Ask(other, again)) if other == id && again.as_ref() == &Ok(question) => {}
                    other => return Err(format!("{written} reads as {other:?}")),
                }
            }
        }
        Ok(_) => {}
        Err(message) if message.is_empty() => return Err(format!("refused without a reason: {line}")),
        Err(_) => {}
    }
    same_again(line, &|line| code.reply(line))?;
    same_again(line, &|line| code.welcome(line))
}

/// A line that reads as a message is written as a line that reads as the same message. `rewrite` reads and writes it.
fn same_again(line: &str, rewrite: &dyn Fn(&str) -> serde_json::Result<String>) -> Result<(), String> {
    let Ok(written) = rewrite(line) else { return Ok(()) };
    match rewrite(&written) {
        Ok(again) if again == written => Ok(()),
        Ok(again) => Err(format!("written as {written}, and then as {again}: {line}")),
        Err(error) => Err(format!("written as {written}, which cannot be read, {error}: {line}")),
    }
}
