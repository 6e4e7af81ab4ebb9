//! Decides how a closed vocabulary is written: one word for each variant of an enum.

/// Gives an enum its words: `WORDS`, `word` and `from_word`.
#[macro_export]
macro_rules! words {
    ($type:ty: $( $variant:ident $word:literal, )*) => {
        impl $type {
            /// The words, in the order of the variants.
            pub const WORDS: &'static [&'static str] = &[$( $word, )*];

            /// The word for it.
            pub fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }

            /// The variant for a word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )* _ => None }
            }
        }
    };
}
