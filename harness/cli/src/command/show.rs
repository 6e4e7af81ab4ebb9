//! `show`: a check with everything it rests on, or a requirement with its checks.

use std::fmt::Write as _;
use std::process::ExitCode;

use kms_conformance::model::json::pretty;
use kms_conformance::verdict::{judge, skip};
use kms_conformance::{Catalogue, Check, Expectation, Requirement, parts};

use super::files::Files;
use super::{catalogue, catalogue_near, print, trace};
use crate::arguments::ShowArguments;
use crate::{Stop, evaluator, style};

/// Shows a check or a requirement.
pub fn exec(arguments: &ShowArguments) -> Result<ExitCode, Stop> {
    // The id of a check names its suite; for a requirement, or a mistyped id, all suites are needed.
    let suite = arguments.id.split('#').next().filter(|_| arguments.id.contains('#')).unwrap_or_default();
    let mut found = catalogue_near(arguments.suites.as_deref(), &[suite])?;
    if found.check(&arguments.id).is_none() && !suite.is_empty() {
        found = catalogue(arguments.suites.as_deref())?;
    }
    let catalogue = match arguments.dialect.dialect.one() {
        Some(dialect) => found.of_dialect(dialect),
        None => found,
    };
    if let Some(check) = catalogue.check(&arguments.id) {
        if arguments.question {
            print(&pretty(&check.question.to_node(), 110));
            return Ok(ExitCode::SUCCESS);
        }
        print(&show_check(check, &catalogue, arguments)?);
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(requirement) = catalogue.requirement(&arguments.id) {
        let mut text = show_requirement(requirement);
        for check in catalogue.checks().iter().filter(|check| check.requirements.contains(&arguments.id)) {
            let _ = writeln!(text, "  {} {}", check.id, style::quiet(&check.expectation.to_string()));
        }
        print(&text);
        return Ok(ExitCode::SUCCESS);
    }
    Err(Stop::input(format!("no check or requirement `{}`{}", arguments.id, near(&arguments.id, &catalogue))))
}

/// The ids that come closest to a mistyped one.
fn near(id: &str, catalogue: &Catalogue) -> String {
    let ids = catalogue.checks().iter().map(|check| check.id.as_str());
    let ids: Vec<_> =
        ids.chain(catalogue.requirements().map(|requirement| requirement.id.as_str())).collect();
    let found = similar::get_close_matches(id, &ids, 3, 0.75);
    if found.is_empty() { String::new() } else { format!("; did you mean `{}`?", found.join("`, `")) }
}

fn show_check(check: &Check, catalogue: &Catalogue, arguments: &ShowArguments) -> Result<String, Stop> {
    let mut text = format!("{} {}\n", style::heading(&check.id), style::quiet(&check.place));
    for note in &check.notes {
        let _ = writeln!(text, "  {note}");
    }
    for id in &check.requirements {
        let _ = writeln!(text);
        text.push_str(&catalogue.requirement(id).map(show_requirement).unwrap_or_default());
    }
    let _ = writeln!(text, "\n{}", style::heading("question"));
    text.push_str(&pretty(&check.question.to_node(), 110));
    let _ = writeln!(text, "\n{} {}", style::heading("expected"), check.expectation);
    if let Expectation::Observe(readings) = &check.expectation {
        for (answer, who) in readings {
            let _ = writeln!(text, "  {}: {who}", answer.word());
        }
    }
    if let Some(because) = &check.because {
        let _ = writeln!(text, "  because {because}");
    }
    let start = evaluator::start(&arguments.evaluator)?;
    let mut evaluator = parts::start(start.as_ref()).map_err(Stop::evaluator)?;
    let description = evaluator.description().clone();
    let _ = writeln!(text, "\n{} {} {}", style::heading("evaluator"), description.name, description.version);
    match skip(check, &description) {
        Some(feature) => {
            let _ = writeln!(text, "  not asked: it does not declare `{feature}`");
        }
        None => {
            let question = check.question_for(&description);
            let answer = evaluator.explain(&question);
            text.push_str(&trace::render(&answer, &Files::default()));
            let verdict = judge(check, answer, &description, None);
            let kind = verdict.judgement.kind().map(|kind| format!(" ({kind})")).unwrap_or_default();
            let word = style::judgement(&verdict.judgement);
            let _ = writeln!(text, "\n{} {word}{kind}", style::heading("verdict"));
        }
    }
    Ok(text)
}

fn show_requirement(requirement: &Requirement) -> String {
    let mut text = format!(
        "{} {}\n  {}\n",
        style::heading(&requirement.id),
        requirement.strength.word(),
        requirement.statement
    );
    for source in &requirement.sources {
        let _ = writeln!(text, "  source: {source}");
    }
    for (name, reason) in [("one-sided", &requirement.one_sided), ("untested", &requirement.untested)] {
        if let Some(reason) = reason {
            let _ = writeln!(text, "  {name}: {reason}");
        }
    }
    text
}
