//! How many inputs a second the targets take, beside one that only generates, writes and reads back the same inputs: what
//! finds differences should reach half of that. In the same table, how many questions a second an exploration asks on one
//! core, their making included: that should be 200,000.

use std::hint::black_box;
use std::time::{Duration, Instant};

use kms_explore::campaign::{Generated, Plan, Surroundings, Tally, explore};
use kms_explore::finding::Finding;
use kms_explore::targets::{self, Afresh};
use kms_explore::{Choices, Random, Settings};
use kms_model::{Dialect, Evaluator, Question, StartError};
use kms_reference::Reference;

/// As in the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long each target runs.
const TIME: Duration = Duration::from_secs(2);

/// Inputs as a fuzzer makes them: of many lengths, most of them enough for a whole question.
fn inputs() -> Vec<Vec<u8>> {
    let mut random = Random::new(1);
    let byte = |random: &mut Random| u8::try_from(random.below(256)).unwrap_or_default();
    (0..4_000)
        .map(|_| {
            let length = 64 + random.below(1_500);
            (0..length).map(|_| byte(&mut random)).collect()
        })
        .collect()
}

/// Inputs a second.
fn measure(inputs: &[Vec<u8>], mut body: impl FnMut(&[u8])) -> f64 {
    let start = Instant::now();
    let mut done = 0_u32;
    for input in inputs.iter().cycle() {
        body(black_box(input));
        done += 1;
        if done.is_multiple_of(64) && start.elapsed() >= TIME {
            break;
        }
    }
    f64::from(done) / start.elapsed().as_secs_f64()
}

/// Lets an exploration go on for a while.
struct For(Instant);

impl Surroundings for For {
    fn found(&mut self, finding: &Finding, _: Option<&Finding>) -> Result<(), String> {
        Err(format!("the reference is at odds with itself: {}", finding.to_text()))
    }

    fn goes_on(&mut self, _: &Tally) -> bool {
        self.0.elapsed() < TIME
    }
}

/// Questions and answers a second of an exploration by one job.
fn campaign(dialect: Dialect, settings: &Settings, count: usize, relates: bool) -> [f64; 2] {
    let start = || -> Result<Vec<Box<dyn Evaluator>>, StartError> {
        Ok((0..count).map(|_| Box::new(Reference::new()) as Box<dyn Evaluator>).collect())
    };
    let worlds = Generated { dialects: vec![dialect], settings: settings.clone() };
    let mut plan = Plan::new(1);
    plan.relates = relates;
    let mut evaluators = start().unwrap_or_default();
    let began = Instant::now();
    let tally = explore(&plan, &worlds, &mut evaluators, &start, &mut For(began));
    let took = began.elapsed().as_secs_f64();
    match tally {
        Ok(tally) => [tally.counts.questions, tally.counts.asked].map(|count| count as f64 / took),
        Err(stopped) => {
            eprintln!("{stopped}");
            [f64::NAN; 2]
        }
    }
}

fn main() {
    let inputs = inputs();
    let settings = Settings::default();
    let mut evaluator = Reference::new();
    let mut both: [Box<dyn Evaluator>; 2] = [Box::new(Reference::new()), Box::new(Reference::new())];
    let mut afresh: [Box<dyn Evaluator>; 2] =
        [Box::new(Reference::new()), Box::new(Afresh::new(Reference::new()))];
    println!("{:10} {:42} {:>12} {:>8}", "dialect", "target", "inputs/s", "share");
    for dialect in [Dialect::Aws, Dialect::Ram] {
        let read = |input: &[u8]| targets::read(Some(dialect), input, &settings);
        let base = measure(&inputs, |input| {
            let Some(question) = read(input) else { return };
            drop(black_box(Question::parse(&question.to_line())));
        });
        let row = |name: &str, rate: f64| {
            println!("{:10} {name:42} {rate:12.0} {:7.0}%", dialect.word(), 100.0 * rate / base);
        };
        row("generate, write and read back", base);
        row("generate", measure(&inputs, |input| drop(black_box(read(input)))));
        row(
            "relations",
            measure(&inputs, |input| {
                drop(black_box(targets::relations(dialect, input, &settings, &mut evaluator)));
            }),
        );
        let of_dialect = |pair: &mut [Box<dyn Evaluator>]| {
            measure(&inputs, |input| {
                let question = read(input);
                drop(black_box(question.map(|question| kms_explore::compare(pair, &question))));
            })
        };
        row("differential, two in process", of_dialect(&mut both));
        row("differential, one asked afresh", of_dialect(&mut afresh));
        for (name, count, relates) in [
            ("exploration, one in process", 1, false),
            ("exploration, two in process", 2, false),
            ("exploration, relations", 1, true),
        ] {
            let [questions, answers] = campaign(dialect, &settings, count, relates);
            row(&format!("{name}: questions"), questions);
            row(&format!("{name}: answers"), answers);
        }
    }
}
