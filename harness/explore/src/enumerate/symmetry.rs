//! Decides which worlds are renamings of each other: identifiers that nothing tells apart may change places everywhere at
//! once, and of the worlds that come out the first stands for all.

use super::axis::Axis;

/// Two identifiers that nothing tells apart.
pub type Swap = (&'static str, &'static str);

/// One renaming of a group, other than none at all.
#[derive(Clone, Debug)]
pub struct Renaming {
    /// The swaps that it is made of, one after the other.
    swaps: Vec<Swap>,
    /// For each axis, the choice that each choice becomes.
    pub moves: Vec<Vec<usize>>,
}

impl Renaming {
    /// The text with the identifiers renamed.
    pub fn of_text(&self, text: &str) -> String {
        self.swaps.iter().fold(text.to_owned(), |text, swap| swapped(&text, *swap))
    }

    /// The world that a world becomes.
    pub fn of_world<'a>(&'a self, digits: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
        let moved =
            |(moves, digit): (&'a Vec<usize>, &'a usize)| moves.get(*digit).copied().unwrap_or(*digit);
        self.moves.iter().zip(digits).map(moved)
    }
}

fn swapped(text: &str, (a, b): Swap) -> String {
    text.replace(a, "\u{0}").replace(b, a).replace('\u{0}', b)
}

/// All renamings that the swaps come to, but for none at all.
///
/// # Errors
/// The place of an axis whose alphabet a renaming leads out of.
pub fn group(swaps: &[Swap], axes: &[Axis]) -> Result<Vec<Renaming>, &'static str> {
    let single = |swap: &Swap| {
        let moves =
            axes.iter().map(|axis| axis.renamed(&|text| swapped(text, *swap)).ok_or(axis.place.word()));
        Ok(Renaming { swaps: vec![*swap], moves: moves.collect::<Result<_, _>>()? })
    };
    let generators = swaps.iter().map(single).collect::<Result<Vec<_>, _>>()?;
    let nothing: Vec<Vec<usize>> = axes.iter().map(|axis| (0..axis.choices.len()).collect()).collect();
    let mut found = vec![Renaming { swaps: Vec::new(), moves: nothing }];
    let mut next = 0;
    while let Some(one) = found.get(next).cloned() {
        next += 1;
        for generator in &generators {
            let moves: Vec<Vec<usize>> =
                one.moves.iter().zip(&generator.moves).map(|(first, then)| after(first, then)).collect();
            if found.iter().all(|known| known.moves != moves) {
                found.push(Renaming { swaps: [one.swaps.as_slice(), &generator.swaps].concat(), moves });
            }
        }
    }
    found.remove(0);
    Ok(found)
}

fn after(first: &[usize], then: &[usize]) -> Vec<usize> {
    first.iter().map(|at| then.get(*at).copied().unwrap_or(*at)).collect()
}

/// Whether a world stands for all of its renamings.
pub fn is_first(group: &[Renaming], digits: &[usize]) -> bool {
    group.iter().all(|renaming| renaming.of_world(digits).ge(digits.iter().copied()))
}

/// The world that stands for a world and all of its renamings.
pub fn first(group: &[Renaming], digits: &[usize]) -> Vec<usize> {
    let renamed = group.iter().map(|renaming| renaming.of_world(digits).collect());
    renamed.fold(digits.to_vec(), |first: Vec<usize>, other: Vec<usize>| first.min(other))
}

/// How many worlds there are, modulo renaming, with so many choices at each axis: the mean number of worlds that a renaming
/// leaves as they are, by Burnside's lemma.
pub fn count(group: &[Renaming], radices: &[usize]) -> u64 {
    let all: u64 = radices.iter().map(|radix| *radix as u64).product();
    let fixed = |renaming: &Renaming| -> u64 {
        let of_axis = |(moves, radix): (&Vec<usize>, &usize)| {
            moves.iter().take(*radix).enumerate().filter(|(at, to)| at == *to).count() as u64
        };
        renaming.moves.iter().zip(radices).map(of_axis).product()
    };
    let total = all + group.iter().map(fixed).sum::<u64>();
    total / (group.len() as u64 + 1)
}
