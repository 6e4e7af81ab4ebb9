#!/bin/bash
# Builds every fuzz target into $OUT, each with its seeds and the dictionary. $SRC holds this repository. SANITIZER is
# `address` in ClusterFuzzLite; without one, the stable toolchain does: SANITIZER=none.
set -euo pipefail

cd "$SRC/kms-conformance"
cargo fuzz build --release --debug-assertions --sanitizer "${SANITIZER:-none}"

seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
# The flags of the targets are not for this program.
env -u RUSTFLAGS cargo run --release --package kms-explore --example seeds -- corpus spec-cases "$seeds"

built=${CARGO_TARGET_DIR:-fuzz/target}/$(rustc -vV | sed -n 's/^host: //p')/release
for file in fuzz/fuzz_targets/*.rs; do
    target=$(basename "$file" .rs)
    cp "$built/$target" "$OUT/"
    cp fuzz/kms.dict "$OUT/$target.dict"
    # An archive without zip, which the builder image has and other machines may not.
    (cd "$seeds/$target" && python3 -m zipfile -c "$OUT/${target}_seed_corpus.zip" .)
done
