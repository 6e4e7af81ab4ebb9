//! Every check of the catalogue as a test of its own, put to the reference evaluator.

fn main() -> std::process::ExitCode {
    kms_conformance::Conformance::new(kms_reference::Reference::new).main()
}
