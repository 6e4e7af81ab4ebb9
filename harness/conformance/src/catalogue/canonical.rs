//! Decides how a suite is written: `load(write(suite))` is the suite.

use kms_model::json::{Node, pretty};

/// The widest line of a suite, in characters, where the values allow it.
const WIDTH: usize = 120;

/// The canonical text of a suite: what fits on a line stands on one, members keep their order.
pub fn canonical(suite: &Node) -> String {
    pretty(suite, WIDTH)
}
