//! Bytes read as the text form of pairs, and texts of pairs with changes.

use stackmap_oracle::dice::Dice;
use stackmap_oracle::spill;
use stackmap_pair_text::{HEADER, Pair, functions, write};
use stackmap_verifier::{Options, Outcome, verify};

/// A text of pairs is read without a panic, and errors point into it. What is read gets a verdict,
/// and is written in a form that does not change any more: what is read from that is written as
/// it was. The text is made of the bytes themselves, and of a pair with a few changes.
pub fn pair_text(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    read(&text);
    read(&format!("{HEADER}{text}"));
    let mut dice = Dice::new(bytes);
    let changes = dice.between(0, 3);
    let choices: Vec<[usize; 3]> =
        (0..changes).map(|_| [dice.below(6), dice.below(1 << 16), dice.below(1 << 16)]).collect();
    let (pair, _) = spill::pair(&mut dice);
    let built = pair.build();
    let mut text = HEADER.to_owned();
    write(&mut text, "f", &built.before, &built.declared, &built.after, None);
    for choice in choices {
        text = changed(&text, choice);
    }
    read(&text);
}

/// Changes a text: cuts it off, or drops, doubles, swaps or changes parts of it.
fn changed(text: &str, [kind, one, other]: [usize; 3]) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    if lines.is_empty() {
        return String::new();
    }
    let (one_line, other_line) = (one % lines.len(), other % lines.len());
    match kind {
        // The text is ASCII.
        0 => return text[..(one << 3 | other & 7) % text.len()].to_owned(),
        1 => drop(lines.remove(one_line)),
        2 => lines.insert(one_line, lines[other_line].clone()),
        3 => lines.swap(one_line, other_line),
        4 => lines[one_line] = word_of(&lines, one_line, other_line, other),
        _ => lines[one_line] = lines[one_line].replacen(' ', " 4294967295 ", 1),
    }
    lines.concat()
}

/// Returns a line with a word of another line in place of one of its own.
fn word_of(lines: &[String], line: usize, from: usize, which: usize) -> String {
    let words: Vec<&str> = lines[from].split_ascii_whitespace().collect();
    let Some(word) = words.get(which % words.len().max(1)) else { return lines[line].clone() };
    let mut words: Vec<&str> = lines[line].split_ascii_whitespace().collect();
    let place = which / 7 % words.len().max(1);
    if let Some(place) = words.get_mut(place) {
        *place = word;
    }
    words.join(" ") + "\n"
}

fn read(text: &str) {
    let lines = text.lines().count().max(1);
    let functions = match functions(text) {
        Ok(functions) => functions,
        Err(error) => return assert_eq!(error.line, 1),
    };
    for function in functions {
        match function.and_then(|function| function.read()) {
            Ok(pair) => stays(&pair),
            Err(error) => {
                assert!((1..=lines).contains(&(error.line as usize)), "{error}:\n{text}");
            }
        }
    }
}

/// A pair is written as one that is written the same again.
fn stays(pair: &Pair) {
    let outcome = outcome(pair);
    let text = written(pair);
    let mut again = functions(&text).expect("a file");
    let again = again.next().expect("a function").and_then(|function| function.read());
    let again = again.unwrap_or_else(|error| panic!("{error}:\n{text}"));
    assert_eq!(written(&again), text);
    assert_eq!(self::outcome(&again), outcome, "{text}");
}

/// Returns the verdict in words, without positions.
fn outcome(pair: &Pair) -> String {
    match verify(&pair.before, &pair.declared, &pair.after, &Options::default()).outcome {
        Outcome::Verified => "verified".to_owned(),
        Outcome::Violated => "violated".to_owned(),
        Outcome::Unsupported(reason) => reason.to_string(),
        Outcome::Internal(error) => panic!("{error}"),
    }
}

fn written(pair: &Pair) -> String {
    let mut text = HEADER.to_owned();
    let Pair { name, collector, declared, before, after } = pair;
    write(&mut text, name, before, declared, after, *collector);
    text
}
