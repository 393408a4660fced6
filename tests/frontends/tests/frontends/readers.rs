//! Texts that the reader of CLIF and cranelift-reader could take for different things.

use stackmap_frontends::base::{Base, all};
use stackmap_frontends::harmless::explanation;
use stackmap_frontends::trial::Trial;
use stackmap_frontends::verdict::{FrontEnds, Verdict};

fn base(name: &str) -> Base {
    all().into_iter().find(|base| base.name == name).expect("a pair that is right")
}

fn with(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "no `{old}` in\n{text}");
    text.replacen(old, new, 1)
}

fn tried(base: &Base, before: &str, after: &str) -> Trial {
    Trial::of_text(FrontEnds::REAL, base, before, after)
}

#[test]
fn flags_of_a_global_value_are_a_set() {
    let base = base("declarations 0.135.8");
    let flags = "notrap aligned readonly";
    for same in ["notrap aligned readonly aligned", "notrap notrap aligned readonly"] {
        for trial in [
            tried(&base, &with(&base.before, flags, same), &base.after),
            tried(&base, &base.before, &with(&base.after, flags, same)),
        ] {
            assert_eq!(trial.oddities(), [""; 0], "{trial}");
            assert_eq!(trial.answer.verdict, Verdict::Verified, "{trial}");
        }
    }
    let other = tried(&base, &base.before, &with(&base.after, flags, "notrap aligned"));
    assert_eq!(other.oddities(), [""; 0], "{other}");
    assert_eq!(other.answer.verdict, Verdict::Violated, "{other}");
}

/// Text says that it is gone; in memory, where cranelift-reader has made it up, it is not.
#[test]
fn a_declaration_that_cranelift_reader_makes_up() {
    let base = base("branches 0.135.8");
    let types = "    gv0 = dyn_scale_target_const.i32x4\n    dt0 = i32x4*gv0\n";
    for (first, made_up, next) in [
        ("", "    sig1 = () fast\n", "    sig2 = (i64) fast\n"),
        (types, "    dt1 = i32x4*gv0\n", "    dt2 = i32x4*gv0\n"),
        (types, "    dss0 = explicit_dynamic_slot dt0\n", "    dss1 = explicit_dynamic_slot dt0\n"),
    ] {
        let declared = format!("{first}{made_up}{next}    fn0 = ");
        let whole = |text: &str| with(text, "    fn0 = ", &declared);
        let [before, after] = [&base.before, &base.after].map(|text| whole(text));
        let trial = tried(&base, &before, &after);
        assert_eq!(trial.oddities(), [""; 0], "{trial}");
        for trial in [
            tried(&base, &with(&before, made_up, ""), &after),
            tried(&base, &before, &with(&after, made_up, "")),
        ] {
            assert_eq!(trial.answer.verdict, Verdict::Violated, "{trial}");
            assert!(!trial.is_same(), "{trial}");
            let odd = trial.oddities();
            assert_eq!(odd.len(), 1, "{odd:?}");
            assert!(odd[0].starts_with("text violated, memory verified: SM# "), "{odd:?}");
            assert!(explanation(&odd[0]).is_some(), "{odd:?}");
        }
        // Neither has it: it is the same function, in text as in memory.
        let [before, after] = [&before, &after].map(|text| with(text, made_up, ""));
        let trial = tried(&base, &before, &after);
        assert_eq!(trial.oddities(), [""; 0], "{trial}");
        assert_eq!(trial.answer.verdict, Verdict::Verified, "{trial}");
    }
}

/// A trap code that no version takes there is refused; one of an early version is judged
/// as what it is, a trap code.
#[test]
fn trap_codes_of_an_access() {
    let base = base("memory 0.135.8");
    let reload = "load.i64 notrap";
    let (head, tail) = base.after.split_at(base.after.rfind(reload).expect("a reload"));
    let reloaded = |code: &str| {
        let tail = with(tail, reload, &format!("{reload} {code}"));
        tried(&base, &base.before, &format!("{head}{tail}"))
    };
    let early = reloaded("unreachable");
    assert_eq!(early.answer.verdict, Verdict::Verified, "{early}");
    assert_eq!(early.oddities(), ["verified, MayTrap"], "{early}");
    for code in ["user0", "user251", "user300"] {
        let none = reloaded(code);
        assert_eq!(none.answer.verdict, Verdict::Error, "{none}");
        assert!(none.judged.is_err(), "{none}");
    }
    // The program's own access says how it traps.
    let own = "load.f64 notrap";
    let after = with(&base.after, own, &format!("{own} unreachable"));
    let other = tried(&base, &base.before, &after);
    assert_eq!(other.answer.verdict, Verdict::Violated, "{other}");
    assert!(other.judged.is_ok() && !other.is_same(), "{other}");
    assert_eq!(other.oddities(), [""; 0], "{other}");
}
