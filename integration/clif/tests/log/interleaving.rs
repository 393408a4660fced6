//! Records of several threads.

use super::{Records, all, read, records, summary};

/// Some of the records of `a` and `b`, in this order: `s`, `b` and `a` are those of the
/// first, and the capitals those of the second.
fn order(first: &Records, second: &Records, order: &str) -> String {
    let record = |letter: char| match letter {
        's' => first.declared.as_str(),
        'b' => first.before.as_str(),
        'a' => first.after.as_str(),
        'S' => second.declared.as_str(),
        'B' => second.before.as_str(),
        'A' => second.after.as_str(),
        _ => panic!("{letter}"),
    };
    order.chars().map(record).collect()
}

#[test]
fn threads_with_ids_are_read_apart() {
    for [one, other] in [
        ["[TRACE ThreadId(1)] ", "[TRACE ThreadId(2)] "],
        ["22:52:48 [TRACE] (1) x: ", "22:52:49 [TRACE] (2) x: "],
        ["app-1  | ", "app-2  | "],
    ] {
        let (mut a, mut b) = (records(one, "%a", "{v1}", 2), records(other, "%b", "{v0}", 2));
        if one.ends_with("| ") {
            for (records, margin) in [(&mut a, one), (&mut b, other)] {
                for text in [&mut records.before, &mut records.after] {
                    let lines = text.lines().skip(1).map(|line| format!("{margin}{line}\n"));
                    *text =
                        format!("{}\n{}", text.lines().next().unwrap(), lines.collect::<String>());
                }
            }
        }
        assert_eq!(summary(&order(&a, &b, "sSBbAa")), ["%b [0]", "%a [1]"]);
    }
}

#[test]
fn any_set_that_waits_may_be_that_of_a_function() {
    // That v2 is no value of %b says nothing: what is declared need not be there.
    let a = records("", "%a", "{v2}", 3);
    let b = records("", "%b", "{v1}", 2);
    assert_eq!(summary(&order(&a, &b, "sSBbAa")), ["%b [1] or [2]", "%a [1] or [2]"]);
    assert_eq!(summary(&order(&a, &b, "sSbBaA")), ["%a [1] or [2]", "%b [1] or [2]"]);
    // A set comes before its function, and no thread begins the next before the last.
    assert_eq!(summary(&order(&a, &b, "sbSaBA")), ["%a [2]", "%b [1]"]);
    assert_eq!(summary(&order(&a, &b, "sbSBAa")), ["%b [1]", "%a [2]"]);
}

#[test]
fn what_waits_is_all_used_up_in_between() {
    let a = records("", "%a", "{v2}", 3);
    let b = records("", "%b", "{v1}", 3);
    let log = format!("{}{}", order(&a, &b, "sSBbAa"), order(&b, &a, "sbSBAa"));
    assert_eq!(summary(&log), ["%b [1] or [2]", "%a [1] or [2]", "%a [2]", "%b [1]"]);
}

#[test]
fn one_set_without_a_function_costs_one_error() {
    // Whose values are in no function.
    let orphan = records("", "%orphan", "{v7, v9}", 10);
    let function = |n: u32| all(&records("", &format!("u0:{n}"), &format!("{{v{}}}", n % 3), 3));
    let functions: String = (0..1000).map(function).collect();
    let right = |n: u32| format!("u0:{n} [{}]", n % 3);
    let error = "the declared values are followed by no function";
    for at in [0, 500] {
        let mut log: String = (0..at).map(function).collect();
        log.push_str(&orphan.declared);
        log.extend((at..1000).map(function));
        let said = summary(&log);
        assert_eq!(said.len(), 1001);
        assert_eq!(said.iter().filter(|said| said.ends_with(error)).count(), 1);
        let functions: Vec<&String> = said.iter().filter(|said| !said.ends_with(error)).collect();
        // If it has one after all, that is near.
        let in_doubt = at..at + 64;
        let right = |n| right(n) + if in_doubt.contains(&n) { ", in doubt" } else { "" };
        assert!((0..1000).zip(functions).all(|(n, said)| *said == right(n)));
    }
    // If they are, it may be the set of the function that comes next.
    let said = summary(&format!("{}{functions}", orphan.declared.replace("v7, v9", "v1")));
    let uncertain = said.iter().filter(|said| said.contains(" or ")).count();
    assert_eq!((said.len(), uncertain), (1001, 1));
    // With thread ids it is not: the thread has gone on.
    let log = format!("{}{functions}", orphan.declared.replace("v7, v9", "v1"));
    let log = log.replace("values", "ThreadId(1) values");
    let log = log.replace("before ins", "ThreadId(1) before ins");
    let log = log.replace("after ins", "ThreadId(1) after ins");
    let said = summary(&log);
    assert!(said[1..].iter().zip(0..).all(|(said, n)| *said == right(n)), "{said:?}");
}

#[test]
fn one_missing_set_costs_one_error() {
    let function = |n: u32| records("", &format!("u0:{n}"), "{v0}", 3);
    let mut log: String = (0..20).map(|n| all(&function(n))).collect();
    let tenth = function(10);
    log = log.replacen(&all(&tenth), &format!("{}{}", tenth.before, tenth.after), 1);
    let said = summary(&log);
    // It may be that of a function before it, if there is more than one thread.
    assert_eq!(said.iter().filter(|said| said.ends_with(" [0], in doubt")).count(), 10);
    assert_eq!(said.iter().filter(|said| said.ends_with(" [0]")).count(), 9);
    assert_eq!(said.iter().filter(|said| said.contains("no record of the declared")).count(), 1);
    // If there are several threads, it may be that of another function.
    let (a, b) = (records("", "%a", "{v0}", 3), records("", "%b", "{v1}", 3));
    let said = summary(&order(&a, &b, "sbBAa"));
    assert_eq!(said.iter().filter(|said| said.ends_with(']')).count(), 0, "{said:?}");
}

#[test]
fn sets_wait_for_functions_of_a_log_that_was_cut_off() {
    let (a, b) = (records("", "%a", "{v0}", 3), records("", "%b", "{v1}", 3));
    let said = summary(&order(&a, &b, "sSba"));
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.contains(&"%a [1] or [0]".to_owned()), "{said:?}");
}

#[test]
fn equal_sets_are_interchangeable() {
    let a = records("", "%a", "{v1}", 2);
    let b = records("", "%b", "{v1}", 2);
    assert_eq!(summary(&order(&a, &b, "sSBbaA")), ["%a [1]", "%b [1]"]);
    // The latest before the text is taken.
    let lines = read(&order(&a, &b, "sSBbaA"));
    assert!(lines.iter().all(|read| read.as_ref().unwrap().declared_line == 2));
}

#[test]
fn too_many_sets_are_ambiguous() {
    let functions: Vec<Records> =
        (0..9).map(|n| records("", &format!("u0:{n}"), &format!("{{v{n}}}"), 9)).collect();
    let log: String = [
        functions.iter().map(|f| f.declared.as_str()).collect::<String>(),
        functions.iter().map(|f| f.before.as_str()).collect(),
        functions.iter().map(|f| f.after.as_str()).collect(),
    ]
    .concat();
    let said = summary(&log);
    assert!(said.iter().all(|said| said.contains("ambiguous interleaving")), "{said:?}");
}

#[test]
fn functions_of_one_name_are_told_apart_by_alignment() {
    let a = records("", "u0:0", "{v0}", 1);
    let mut b = records("", "u0:0", "{v0}", 1);
    for text in [&mut b.before, &mut b.after] {
        *text = text.replace("return", "nop\n    return");
    }
    let log = [&a.declared, &a.before, &b.declared, &b.before, &b.after, &a.after];
    let sizes: Vec<usize> = read(&log.map(String::as_str).concat())
        .into_iter()
        .map(|recording| {
            recording.unwrap().read().unwrap().model().unwrap().before.operation_count()
        })
        .collect();
    assert_eq!(sizes, [3, 2]);
}

#[test]
fn functions_that_cannot_be_told_apart_are_refused() {
    let a = records("", "u0:0", "{v1}", 2);
    let b = records("", "u0:0", "{v3}", 2);
    let log = [&a.declared, &a.before, &b.declared, &b.before, &b.after].map(String::as_str);
    let errors = summary(&log.concat());
    assert_eq!(errors.len(), 2);
    assert!(errors.iter().all(|error| error.contains("ambiguous interleaving")), "{errors:?}");
}

#[test]
fn identical_functions_of_one_name_are_interchangeable() {
    let a = records("", "u0:0", "{v1}", 2);
    let log =
        [&a.declared, &a.before, &a.declared, &a.before, &a.after, &a.after].map(String::as_str);
    assert_eq!(summary(&log.concat()), ["u0:0 [1]", "u0:0 [1]"]);
}

#[test]
fn a_thousand_functions_of_one_name_are_told_apart() {
    let functions: Vec<Records> =
        (0..1000).map(|n| records("", "u0:0", "{v0}", 1 + n % 7)).collect();
    let log: String = [
        functions.iter().map(|f| f.declared.as_str()).collect::<String>(),
        functions.iter().map(|f| f.before.as_str()).collect(),
        functions.iter().rev().map(|f| f.after.as_str()).collect(),
    ]
    .concat();
    assert_eq!(summary(&log), vec!["u0:0 [0]"; 1000]);
}

#[test]
fn a_text_without_its_other_puts_those_of_the_same_name_in_doubt() {
    let a = records("", "u0:0", "{v0}", 3);
    let b = records("", "u0:0", "{v0}", 4);
    let other = records("", "u0:1", "{v0}", 4);
    let error = |line: u32, what: &str| format!("u0:0: line {line}: the function has no {what}");
    // It looks as if the first text after were that of the first function.
    let before = error(21, "\"before\" record with the same name and signature");
    assert_eq!(summary(&order(&a, &b, "sbAa")), ["u0:0 [0], in doubt".to_owned(), before.clone()]);
    // What has another name is not affected, and neither is what has been on its own.
    let log = all(&other) + &order(&a, &b, "sbAa");
    let said = summary(&log);
    assert_eq!(said[..2], ["u0:1 [0]", "u0:0 [0], in doubt"]);
    let log = order(&other, &b, "sbaA");
    assert_eq!(summary(&log)[..1], ["u0:1 [0]"]);
    assert_eq!(summary(&order(&a, &b, "sbaSBA")), ["u0:0 [0]", "u0:0 [0]"]);
    // Two texts after for one of two functions: the end of the log is missing.
    let said = summary(&order(&a, &b, "sSbBA"));
    assert!(said.contains(&"u0:0 [0], in doubt".to_owned()), "{said:?}");
    // Which thread wrote what is known.
    let a = records("[ThreadId(1)] ", "u0:0", "{v0}", 3);
    let b = records("[ThreadId(2)] ", "u0:0", "{v0}", 4);
    let said = summary(&order(&a, &b, "sbAa"));
    assert!(said.contains(&"u0:0 [0]".to_owned()), "{said:?}");
}
