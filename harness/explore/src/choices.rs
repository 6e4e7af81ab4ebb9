//! Decides where the choices of a generator come from: bytes of a fuzzer, a seeded generator of random numbers, an
//! odometer that visits all of them, or a list that repeats an earlier run.

use arbitrary::Unstructured;

/// A source of choices. Where nothing is left to choose from, every choice is the first.
pub trait Choices {
    /// A number below `n`, which is at least 1.
    fn below(&mut self, n: usize) -> usize;

    /// Whether nothing is left, so that a generator should come to an end.
    fn is_exhausted(&self) -> bool {
        false
    }
}

impl dyn Choices + '_ {
    /// Whether something with that many chances in a hundred happens.
    pub fn chance(&mut self, percent: usize) -> bool {
        // The first choice is the simpler one: that it does not happen.
        self.below(100) >= 100_usize.saturating_sub(percent)
    }

    /// One of the items; `None` of none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        if items.is_empty() {
            return None;
        }
        items.get(self.below(items.len()))
    }

    /// The place of one of the weights, each as likely as it is heavy; 0 where none has weight.
    pub fn weighted(&mut self, weights: &[usize]) -> usize {
        let total: usize = weights.iter().sum();
        let mut left = self.below(total.max(1));
        for (place, weight) in weights.iter().enumerate() {
            if left < *weight {
                return place;
            }
            left -= weight;
        }
        0
    }
}

/// The bytes of a fuzzer.
#[derive(Debug)]
pub struct Bytes<'a>(Unstructured<'a>);

impl<'a> Bytes<'a> {
    /// Choices from these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(Unstructured::new(bytes))
    }
}

impl Choices for Bytes<'_> {
    fn below(&mut self, n: usize) -> usize {
        self.0.int_in_range(0..=n.saturating_sub(1)).unwrap_or_default()
    }

    fn is_exhausted(&self) -> bool {
        self.0.is_empty()
    }
}

/// Random numbers from a seed.
#[derive(Clone, Debug)]
pub struct Random(fastrand::Rng);

impl Random {
    /// The same choices for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }
}

impl Choices for Random {
    fn below(&mut self, n: usize) -> usize {
        self.0.usize(..n.max(1))
    }
}

/// Every combination of choices, one after the other.
#[derive(Clone, Debug, Default)]
pub struct Odometer {
    /// Each choice so far and the number that it was below.
    wheels: Vec<(usize, usize)>,
    at: usize,
}

impl Odometer {
    /// At the first combination.
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes on to the next combination; `false` when all have been visited.
    pub fn advance(&mut self) -> bool {
        self.wheels.truncate(self.at);
        self.at = 0;
        while let Some((chosen, below)) = self.wheels.pop() {
            if chosen + 1 < below {
                self.wheels.push((chosen + 1, below));
                return true;
            }
        }
        false
    }
}

impl Choices for Odometer {
    fn below(&mut self, n: usize) -> usize {
        if self.at == self.wheels.len() {
            self.wheels.push((0, n.max(1)));
        }
        let chosen = self.wheels.get(self.at).map_or(0, |(chosen, _)| *chosen);
        self.at += 1;
        chosen.min(n.saturating_sub(1))
    }
}

/// The choices of an earlier run.
#[derive(Clone, Debug)]
pub struct Replay {
    choices: Vec<usize>,
    at: usize,
}

impl Replay {
    /// These choices, and the first ones after their end.
    pub fn new(choices: Vec<usize>) -> Self {
        Self { choices, at: 0 }
    }
}

impl Choices for Replay {
    fn below(&mut self, n: usize) -> usize {
        let chosen = self.choices.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        chosen.min(n.saturating_sub(1))
    }

    fn is_exhausted(&self) -> bool {
        self.at >= self.choices.len()
    }
}

/// Another source, every choice written down for [`Replay`].
#[derive(Debug)]
pub struct Recorded<C> {
    source: C,
    /// The choices so far.
    pub choices: Vec<usize>,
}

impl<C: Choices> Recorded<C> {
    /// Nothing chosen so far.
    pub fn new(source: C) -> Self {
        Self { source, choices: Vec::new() }
    }
}

impl<C: Choices> Choices for Recorded<C> {
    fn below(&mut self, n: usize) -> usize {
        let chosen = self.source.below(n);
        self.choices.push(chosen);
        chosen
    }

    fn is_exhausted(&self) -> bool {
        self.source.is_exhausted()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of up to two numbers below three.
    fn list(choices: &mut dyn Choices) -> Vec<usize> {
        (0..choices.below(3)).map(|_| choices.below(3)).collect()
    }

    #[test]
    fn an_odometer_visits_every_combination_once() {
        let mut odometer = Odometer::new();
        let mut seen = vec![list(&mut odometer)];
        while odometer.advance() {
            seen.push(list(&mut odometer));
        }
        let visited = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((visited, seen.len()), (1 + 3 + 9, 13));
    }

    #[test]
    fn a_recorded_run_can_be_repeated() {
        let mut recorded = Recorded::new(Random::new(7));
        let first: Vec<_> = (0..20).map(|_| list(&mut recorded)).collect();
        let mut replay = Replay::new(recorded.choices);
        let again: Vec<_> = (0..20).map(|_| list(&mut replay)).collect();
        assert_eq!(first, again);
        assert!(replay.is_exhausted() && replay.below(5) == 0);
    }

    #[test]
    fn the_same_seed_chooses_the_same_and_bytes_run_out() {
        let of = |seed| {
            let mut random = Random::new(seed);
            (0..20).map(|_| random.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(of(3), of(3));
        assert_ne!(of(3), of(4));
        let mut bytes = Bytes::new(&[200, 1]);
        bytes.below(256);
        bytes.below(256);
        assert!(bytes.is_exhausted() && bytes.below(9) == 0);
    }

    #[test]
    fn weights_and_chances_are_kept() {
        let mut random = Random::new(1);
        let choices: &mut dyn Choices = &mut random;
        let heavy = (0..1000).filter(|_| choices.weighted(&[1, 0, 9]) == 2).count();
        assert!((850..950).contains(&heavy), "{heavy}");
        assert!((0..100).all(|_| choices.weighted(&[0, 5, 0]) == 1));
        let happened = (0..1000).filter(|_| choices.chance(30)).count();
        assert!((250..350).contains(&happened), "{happened}");
        assert_eq!((choices.pick::<u8>(&[]), choices.pick(&[4])), (None, Some(&4)));
    }
}
