//! Decides whether the messages of the protocol survive being read and written.

use kms_model::wire::{Reply, Request, Welcome, ask};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads the bytes as a line of the harness and as both kinds of line of an evaluator.
///
/// # Errors
/// What does not hold.
pub fn protocol(bytes: &[u8]) -> Result<(), String> {
    let Ok(line) = std::str::from_utf8(bytes) else { return Ok(()) };
    match Request::read(line) {
        Ok(Request::Ask(id, question)) => {
            if let Ok(question) = *question {
                let written = ask(id, &question);
                match Request::read(&written) {
                    Ok(Request::Ask(other, again)) if other == id && again.as_ref() == &Ok(question) => {}
                    other => return Err(format!("{written} reads as {other:?}")),
                }
            }
        }
        Ok(_) => {}
        Err(message) if message.is_empty() => return Err(format!("refused without a reason: {line}")),
        Err(_) => {}
    }
    same_again::<Reply>(line)?;
    same_again::<Welcome>(line)
}

/// A line that reads as a message is written as a line that reads as the same message.
fn same_again<T: DeserializeOwned + Serialize>(line: &str) -> Result<(), String> {
    let Ok(message) = serde_json::from_str::<T>(line) else { return Ok(()) };
    let written = serde_json::to_string(&message).map_err(|error| format!("{error}: {line}"))?;
    let again = serde_json::from_str::<T>(&written).map_err(|error| format!("{error}: {written}"))?;
    match serde_json::to_string(&again) {
        Ok(text) if text == written => Ok(()),
        _ => Err(format!("written as {written}, and then otherwise: {line}")),
    }
}
