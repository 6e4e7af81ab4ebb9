//! Every check of the catalogue as a test of its own.

fn main() -> std::process::ExitCode {
    kms_conformance::Conformance::new(example_emulator::Emulator::new)
        .known_differences("tests/known.json")
        .main()
}
