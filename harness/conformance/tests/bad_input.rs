//! Every fault that a suite can have is told with its place, all of them at once, and none panics.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;

use kms_conformance::Catalogue;

/// A directory of files, gone when the test ends.
struct Suites(PathBuf);

impl Suites {
    fn new(name: &str, files: &[(&str, &[u8])]) -> Self {
        let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bad-input-{name}"));
        let _ = fs::remove_dir_all(&root);
        for (path, bytes) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        Self(root)
    }

    fn problems(&self) -> Vec<String> {
        match Catalogue::from_directory(&self.0) {
            Ok(_) => Vec::new(),
            Err(error) => {
                let root = self.0.display().to_string();
                error.to_string().lines().map(|line| line.replace(&root, "ROOT")).collect()
            }
        }
    }
}

impl Drop for Suites {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A suite with these cases.
fn suite(cases: &str) -> String {
    format!(r#"{{"title":"t","cases":[{cases}]}}"#)
}

const KEY: &str = r#""world":{"keys":{"K":{"policy":{"use":"delegates"}}}}"#;

/// A case whose only check has these members after its name.
fn check(members: &str) -> String {
    suite(&format!(r#"{{"name":"c",{KEY},"checks":[{{"name":"k",{members}}}]}}"#))
}

const GOOD: &str = r#""caller":"alice","operation":"Decrypt","on":"K","expect":"implicit-deny""#;

#[test]
fn a_good_suite_loads() {
    let suites = Suites::new("good", &[("s.json", check(GOOD).as_bytes())]);
    assert_eq!(suites.problems(), [""; 0]);
}

#[test]
fn every_fault_of_a_suite_is_told_with_its_place() {
    let long = format!(r#"{{"Version":"2012-10-17","Id":"{}","Statement":[]}}"#, "x".repeat(33_000));
    let long_check =
        format!(r#""validate":"key-policy","policy":{},"expect":"accepted""#, serde_json::json!(long));
    let deep = format!(r#"{{"title":{}[ {}"#, "[".repeat(127), "[".repeat(9_872));
    for (name, text, at, message) in [
        ("syntax", r#"{"title":"t",}"#.to_owned(), "}", "expected a member name in quotes, found `}`"),
        ("depth", deep, "[ ", "nested deeper than 128 levels"),
        ("empty-file", String::new(), "", "expected a value, found the end of the text"),
        ("not-an-object", "[]".to_owned(), "[", "`` must be an object, not a list"),
        (
            "member",
            r#"{"title":"t","cases":[],"extra":1}"#.to_owned(),
            r##""extra""##,
            "unknown member `extra` in a suite; expected `$schema`, `title`, `dialect`, `requirements`, `policies` or `cases`",
        ),
        (
            "twice",
            r#"{"title":"t","title":"u","cases":[]}"#.to_owned(),
            r##""title":"u""##,
            "`title` occurs twice",
        ),
        ("missing", r#"{"cases":[]}"#.to_owned(), "{", "`` lacks the member `title`"),
        (
            "check-member",
            check(&format!(r#"{GOOD},"extra":1"#)),
            r##""extra""##,
            "s/c#k: unknown member `extra` in a check",
        ),
        (
            "requirement",
            check(&format!(r#"{GOOD},"requirements":["no.such.rule"]"#)),
            r##""no.such.rule""##,
            "s/c#k: no suite defines the requirement `no.such.rule`",
        ),
        (
            "user",
            check(&GOOD.replace("alice", "mallory")),
            r##""mallory""##,
            "s/c#k: no user `mallory` in this world",
        ),
        (
            "role",
            check(&GOOD.replace("alice", "App")),
            r##""App""##,
            "s/c#k: `App` is a role, and only sessions of a role call: write `App/session-name`",
        ),
        (
            "account",
            check(&GOOD.replace("alice", "root:Z")),
            r##""root:Z""##,
            "s/c#k: no account `Z` with an `id` in this world",
        ),
        ("key", check(&GOOD.replace("\"K\"", "\"K9\"")), r##""K9""##, "s/c#k: no key `K9` in this world"),
        (
            "no-policy",
            check(&GOOD.replace("\"K\"", "\"K2\"")),
            r##""K2""##,
            "s/c#k: key `K2` has no policy in this world",
        ),
        (
            "operation",
            check(&GOOD.replace("Decrypt", "Decript")),
            r##""Decript""##,
            "s/c#k: no KMS operation `Decript`",
        ),
        (
            "use",
            check(GOOD).replace("delegates", "nothing"),
            r##""nothing""##,
            "s/c#k: no policy named `nothing` in this suite or the fixtures",
        ),
        (
            "file",
            check(GOOD).replace(r#""use":"delegates""#, r#""file":"gone.json""#),
            r##""gone.json""##,
            "s/c#k: `gone.json` cannot be read: No such file or directory (os error 2)",
        ),
        (
            "form",
            check(r#""caller":"alice","expect":"allow""#),
            r##"{"name":"k""##,
            "s/c#k: a check has exactly one of `operation`, `action` and `validate`",
        ),
        (
            "answer",
            check(&GOOD.replace("implicit-deny", "accepted")),
            r##"{"name":"k""##,
            "s/c#k: `accepted` is no answer to a request",
        ),
        (
            "word",
            check(&GOOD.replace("implicit-deny", "denied")),
            r##""denied""##,
            "s/c#k: `expect` is `denied`; expected one of `accepted`, `allow`, `explicit-deny`, `implicit-deny` or `rejected`",
        ),
        (
            "both",
            check(&GOOD.replace(r#""implicit-deny""#, r#"["allow","implicit-deny"]"#)),
            r##"{"name":"k""##,
            "s/c#k: one expectation cannot both grant and refuse: write `observe`",
        ),
        (
            "neither",
            check(r#""caller":"alice","operation":"Decrypt","on":"K""#),
            r##"{"name":"k""##,
            "s/c#k: a check has exactly one of `expect` and `observe`",
        ),
        (
            "endpoint",
            check(&format!(r#"{GOOD},"from":"nowhere""#)),
            r##""nowhere""##,
            "s/c#k: `nowhere` is neither an IP address nor an endpoint of this world",
        ),
        (
            "derived",
            check(&format!(r#"{GOOD},"derived":{{"kms:KeySpec":"RSA_2048"}}"#)),
            r##""RSA_2048""##,
            "s/c#k: the request's `kms:KeySpec` is not as `derived` says: it is \"SYMMETRIC_DEFAULT\"",
        ),
        (
            "long-policy",
            check(&long_check),
            r##"{"name":"k""##,
            "s/c#k: the key policy is over 32,768 bytes, so `rejected` must be among the expected answers",
        ),
        (
            "column",
            suite(&format!(r#"{{"name":"c",{KEY},"checks":[{{{GOOD}}}],"rows":[{{"name":"r","x":1}}]}}"#)),
            r##"{"name":"r""##,
            "s/c: no check uses the column `x`",
        ),
        (
            "no-column",
            suite(&format!(
                r#"{{"name":"c",{KEY},"checks":[{{{GOOD},"note":"{{{{y}}}}"}}],"rows":[{{"name":"r"}}]}}"#
            )),
            r##""{{y}}""##,
            "s/c: no row has the column `y`",
        ),
    ] {
        let problems = Suites::new(name, &[("s.json", text.as_bytes())]).problems();
        let column = text.find(at).unwrap() + 1;
        let expected = format!("s.json:1:{column}: {message}");
        let found = problems.iter().any(|problem| problem.starts_with(&expected));
        assert!(found && problems.len() == 1, "{name}: expected\n{expected}\nfound\n{}", problems.join("\n"));
    }
}

#[test]
fn every_fault_of_one_check_is_told() {
    let text = check(r#""caller":"alice","operation":"Decript","on":"K","expect":"alow","extra":1"#);
    let problems = Suites::new("one-check", &[("s.json", text.as_bytes())]).problems();
    let told: Vec<_> = problems.iter().map(|problem| problem.split(": ").nth(2).unwrap()).collect();
    assert_eq!(told.len(), 3, "{problems:?}");
    assert!(told[0].starts_with("no KMS operation `Decript`"), "{told:?}");
    assert!(told[1].starts_with("`expect` is `alow`"), "{told:?}");
    assert!(told[2].starts_with("unknown member `extra`"), "{told:?}");
}

#[test]
fn faults_of_files_and_directories_are_told() {
    let not_text = Suites::new("utf8", &[("s.json", b"{\"title\": \"\xff\"}")]);
    assert_eq!(not_text.problems(), ["s.json:1:12: not UTF-8 text"]);

    let empty = Suites::new("empty", &[("readme.txt", b"")]);
    assert_eq!(empty.problems(), ["ROOT: no suite in this directory: expected files that end in `.json`"]);

    let missing = Suites(empty.0.join("missing"));
    assert_eq!(missing.problems(), ["ROOT: no such directory"]);

    let file = Suites(empty.0.join("readme.txt"));
    assert_eq!(file.problems(), ["ROOT: not a directory: name the directory that holds the suites"]);
    fs::remove_file(&file.0).unwrap();

    #[cfg(unix)]
    {
        // A link to nowhere cannot be read by anybody, whoever runs the tests.
        let dangling = Suites::new("dangling", &[("s.json", check(GOOD).as_bytes())]);
        std::os::unix::fs::symlink("nowhere", dangling.0.join("t.json")).unwrap();
        assert_eq!(
            dangling.problems(),
            ["ROOT/t.json: cannot be read: No such file or directory (os error 2)"]
        );
    }
}

#[test]
fn doubles_are_told_with_both_ids() {
    let two_cases = suite(&format!(
        r#"{{"name":"c",{KEY},"checks":[{{"name":"k",{GOOD}}}]}},{{"name":"c",{KEY},"checks":[{{"name":"k2",{}}}]}}"#,
        GOOD.replace("alice", "carol")
    ));
    let problems = Suites::new("case-name", &[("s.json", two_cases.as_bytes())]).problems();
    let column = two_cases.rfind(r#"{"name":"c""#).unwrap() + 1;
    assert_eq!(problems, [format!("s.json:1:{column}: s/c: another case of this suite has this name")]);

    let two_checks = suite(&format!(
        r#"{{"name":"c",{KEY},"checks":[{{"name":"k",{GOOD}}},{{"name":"k",{}}}]}}"#,
        GOOD.replace("alice", "carol")
    ));
    let problems = Suites::new("check-name", &[("s.json", two_checks.as_bytes())]).problems();
    let column = two_checks.rfind(r#"{"name":"k""#).unwrap() + 1;
    assert_eq!(problems, [format!("s.json:1:{column}: s/c#k: another check of this case has this id")]);

    let files: [(&str, &[u8]); 2] =
        [("a.json", &check(GOOD).into_bytes()), ("b.json", &check(GOOD).into_bytes())];
    let problems = Suites::new("question", &files).problems();
    let column = check(GOOD).find(r#"{"name":"k""#).unwrap() + 1;
    let message = "asks the same question as `a/c#k`: let one check cite both rules";
    assert_eq!(problems, [format!("b.json:1:{column}: b/c#k: {message}")]);

    let rule = r#"{"id":"a.b","strength":"must","statement":"s","sources":[{"document":"d","section":"s"}]}"#;
    let with_rule = format!(r#"{{"title":"t","requirements":[{rule}],"cases":[]}}"#);
    let files: [(&str, &[u8]); 2] = [("a.json", with_rule.as_bytes()), ("b.json", with_rule.as_bytes())];
    let problems = Suites::new("rule", &files).problems();
    let column = with_rule.find(r#""a.b""#).unwrap() + 1;
    assert_eq!(problems, [format!("b.json:1:{column}: requirement `a.b` is defined in a.json already")]);
}

#[test]
fn an_open_rule_cannot_be_expected_without_a_reason() {
    let rule =
        r#"{"id":"a.b","strength":"silent","statement":"s","sources":[{"document":"d","section":"s"}]}"#;
    let with = |more: &str| {
        let cases = check(&format!(r#"{GOOD},"requirements":["a.b"]{more}"#));
        cases.replacen(r#""title":"t","#, &format!(r#""title":"t","requirements":[{rule}],"#), 1)
    };
    let problems = Suites::new("open", &[("s.json", with("").as_bytes())]).problems();
    assert!(
        problems.len() == 1 && problems[0].contains("all requirements are silent or contradictory"),
        "{problems:?}"
    );
    let reasoned = with(r#","because":"the page says so""#);
    assert_eq!(Suites::new("reasoned", &[("s.json", reasoned.as_bytes())]).problems(), [""; 0]);
}

#[test]
fn all_problems_of_all_files_come_at_once() {
    let files: [(&str, &[u8]); 3] = [
        ("a.json", b"{"),
        ("deep/b.json", &check(&GOOD.replace("alice", "mallory").replace("\"K\"", "\"K9\"")).into_bytes()),
        ("c.json", &check(&GOOD.replace("Decrypt", "Nothing")).into_bytes()),
    ];
    let problems = Suites::new("many", &files).problems();
    let paths: Vec<_> = problems.iter().map(|problem| problem.split(':').next().unwrap()).collect();
    assert_eq!(paths, ["a.json", "c.json", "deep/b.json"], "{problems:?}");
}
