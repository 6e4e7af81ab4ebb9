//! Decides what a scope is: an alphabet with bounds, and the number of every world in it.
//!
//! A scope has frames (who asks, and how) and axes (what can be at each place). The number of a world is written in mixed
//! radices, the last axis turning fastest, so that a world can be looked up by its number and a range of numbers is a part
//! of the scope.

use kms_model::question::{Ask, Authorize};
use kms_model::{Dialect, Feature, Question};

use super::axis::{
    ACROSS, Axis, CLOSED, DENIES_ALL, DENY, Facts, GRANTED, IDENTITY_ALLOWS, IDENTITY_HAS_ALLOW, KEY_ALLOWS,
    OWNER, Place, bits,
};
use super::laws::Law;
use super::symmetry::{self, Renaming, Swap};
use crate::Choices;

/// Who asks, and how: what no neighbour changes.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The request, with nothing at the places of the axes.
    pub question: Question,
    /// What it adds to the facts of its worlds.
    pub facts: Facts,
    /// The places where this caller can have nothing.
    pub without: Vec<Place>,
}

/// A law on the facts of a world alone.
#[derive(Clone, Copy, Debug)]
pub struct Premise {
    /// The law.
    pub law: Law,
    /// The facts that it needs.
    pub when: Facts,
    /// The facts without which it holds.
    pub unless: Facts,
}

/// An alphabet with bounds, and every world in it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Scope {
    /// Its name on the command line.
    pub name: &'static str,
    /// What its worlds are, in a sentence.
    pub about: &'static str,
    /// The dialect.
    pub dialect: Dialect,
    /// Who asks.
    pub frames: Vec<Frame>,
    /// What can be where.
    pub axes: Vec<Axis>,
    /// The laws on worlds alone.
    pub premises: Vec<Premise>,
    blocks: Vec<Block>,
}

/// The worlds of one frame.
#[derive(Clone, Debug)]
pub struct Block {
    /// The number of its first world.
    pub from: u64,
    /// How many choices there are at each axis.
    pub radices: Vec<usize>,
    /// What a step at each axis adds to the number.
    pub strides: Vec<u64>,
    /// How many worlds it has, renamed ones with them.
    pub arrangements: u64,
    /// How many worlds it has, modulo renaming.
    pub worlds: u64,
    /// The renamings that leave the frame as it is.
    pub group: Vec<Renaming>,
    /// The features that its frame needs.
    pub features: u64,
}

/// A world: its frame, and its choice at each axis.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct World {
    /// The index of the frame.
    pub frame: usize,
    /// The index of the choice at each axis.
    pub digits: Vec<usize>,
}

impl Scope {
    /// A scope of these frames and axes, in which the identifiers of each swap change places without anything being said.
    ///
    /// # Errors
    /// Where the swaps lead out of the alphabet.
    pub fn new(
        (name, about): (&'static str, &'static str),
        dialect: Dialect,
        frames: Vec<Frame>,
        axes: Vec<Axis>,
        swaps: &[Swap],
    ) -> Result<Self, &'static str> {
        let renamings = symmetry::group(swaps, &axes)?;
        let mut blocks = Vec::new();
        let mut from = 0;
        for frame in &frames {
            let block = Block::new(frame, &axes, &renamings, from);
            from += block.arrangements;
            blocks.push(block);
        }
        Ok(Self { name, about, dialect, frames, axes, premises: premises(dialect), blocks })
    }

    /// The worlds of each frame.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// How many numbers there are: worlds, renamed ones with them.
    pub fn arrangements(&self) -> u64 {
        self.blocks.iter().map(|block| block.arrangements).sum()
    }

    /// How many worlds there are modulo renaming, in closed form.
    pub fn worlds(&self) -> u64 {
        self.blocks.iter().map(|block| block.worlds).sum()
    }

    /// The world of that number.
    pub fn world(&self, number: u64) -> Option<World> {
        let frame = self.blocks.iter().position(|block| number < block.from + block.arrangements)?;
        Some(World { frame, digits: self.blocks.get(frame)?.digits(number) })
    }

    /// The number of a world.
    pub fn number(&self, world: &World) -> Option<u64> {
        self.blocks.get(world.frame).map(|block| block.number(&world.digits))
    }

    /// The number of the world that stands for that one and its renamings.
    pub fn first_like(&self, number: u64) -> Option<u64> {
        let World { frame, digits } = self.world(number)?;
        let block = self.blocks.get(frame)?;
        Some(block.number(&symmetry::first(&block.group, &digits)))
    }

    /// A world as the choices say; in the order of an odometer they are in the order of their numbers.
    pub fn choose(&self, choices: &mut dyn Choices) -> World {
        let frame = choices.below(self.blocks.len());
        let radices = self.blocks.get(frame).map_or(&[][..], |block| &block.radices);
        World { frame, digits: radices.iter().map(|radix| choices.below(*radix)).collect() }
    }

    /// The question that a world asks.
    pub fn question(&self, world: &World) -> Option<Question> {
        let mut question = self.frames.get(world.frame)?.question.clone();
        self.put(&world.digits, &mut question);
        Some(question)
    }

    /// Puts the choices of a world into the question of its frame.
    pub fn put(&self, digits: &[usize], question: &mut Question) {
        let Some(ask) = request(question) else { return };
        for (axis, digit) in self.axes.iter().zip(digits) {
            axis.put(*digit, ask);
        }
    }

    /// How many statements and grants a world has.
    pub fn weight(&self, digits: &[usize]) -> u64 {
        let parts = |(axis, digit): (&Axis, &usize)| {
            axis.choices.get(*digit).map_or(0, |choice| choice.parts.len() as u64)
        };
        self.axes.iter().zip(digits).map(parts).sum()
    }

    /// A number that changes with everything that the scope is made of.
    pub fn fingerprint(&self) -> String {
        let frames = self.frames.iter().map(|frame| frame.question.to_line());
        let parts = self.axes.iter().flat_map(|axis| {
            let parts = axis.parts.iter().map(|part| part.text.clone());
            parts.chain([axis.place.word().to_owned(), axis.choices.len().to_string()])
        });
        let counts = [self.arrangements().to_string(), self.worlds().to_string()];
        let texts = frames.chain(parts).chain(counts);
        // FNV-1a, with a byte between the texts that none of them has.
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let of_text = |hash, text: String| text.bytes().chain([0xff]).fold(hash, step);
        format!("{:016x}", texts.fold(0xcbf2_9ce4_8422_2325, of_text))
    }
}

/// The request of a question.
pub fn request(question: &mut Question) -> Option<&mut Authorize> {
    match &mut question.ask {
        Ask::Authorize(ask) => Some(ask),
        _ => None,
    }
}

impl Block {
    fn new(frame: &Frame, axes: &[Axis], renamings: &[Renaming], from: u64) -> Self {
        let radix = |axis: &Axis| if frame.without.contains(&axis.place) { 1 } else { axis.choices.len() };
        let radices: Vec<_> = axes.iter().map(radix).collect();
        let mut strides = vec![1; radices.len()];
        let mut arrangements = 1;
        for (stride, radix) in strides.iter_mut().zip(&radices).rev() {
            *stride = arrangements;
            arrangements *= *radix as u64;
        }
        let text = frame.question.to_line();
        let group: Vec<_> = renamings.iter().filter(|one| one.of_text(&text) == text).cloned().collect();
        let worlds = symmetry::count(&group, &radices);
        let of_context = [Feature::CallerContext, Feature::Context];
        let features = bits(&frame.question.features_among(|feature| !of_context.contains(&feature)));
        Self { from, radices, strides, arrangements, worlds, group, features }
    }

    /// The choices of the world of that number.
    pub fn digits(&self, number: u64) -> Vec<usize> {
        let mut left = number.saturating_sub(self.from);
        let digit = |stride: &u64| {
            let digit = left / *stride;
            left %= *stride;
            digit as usize
        };
        self.strides.iter().map(digit).collect()
    }

    /// The number of the world of those choices.
    pub fn number(&self, digits: &[usize]) -> u64 {
        self.from + self.strides.iter().zip(digits).map(|(stride, digit)| stride * *digit as u64).sum::<u64>()
    }

    /// The number of the world that stands for the one with another choice at one axis.
    pub fn neighbour(&self, number: u64, digits: &[usize], axis: usize, to: usize) -> u64 {
        let (Some(stride), Some(digit)) = (self.strides.get(axis), digits.get(axis)) else { return number };
        if self.group.is_empty() {
            return number - stride * *digit as u64 + stride * to as u64;
        }
        let mut other = digits.to_vec();
        if let Some(digit) = other.get_mut(axis) {
            *digit = to;
        }
        self.number(&symmetry::first(&self.group, &other))
    }
}

/// The laws on the facts of worlds.
fn premises(dialect: Dialect) -> Vec<Premise> {
    let premise = |law, when, unless| Premise { law, when, unless };
    let mut all = vec![
        premise(Law::BothAccounts, ACROSS | KEY_ALLOWS, IDENTITY_HAS_ALLOW | GRANTED),
        premise(Law::BothAccounts, ACROSS | IDENTITY_ALLOWS, KEY_ALLOWS | GRANTED),
        premise(Law::ClosedRail, CLOSED, OWNER),
        premise(Law::DenyNeeded, 0, DENY),
        premise(Law::DenyOfAll, DENIES_ALL, OWNER),
    ];
    match dialect {
        Dialect::Ram => all.push(premise(Law::Owner, OWNER, 0)),
        _ => all.push(premise(Law::KeyPolicy, IDENTITY_ALLOWS, KEY_ALLOWS | GRANTED)),
    }
    all
}
