//! Damaged input is an error or a reading, never a panic.

use std::path::Path;

use stackmap_clif::declared::{Declared, declare_line};
use stackmap_clif::log::Recordings;
use stackmap_clif::names::Names;
use stackmap_clif::text::Functions;

/// The recordings of one version whose log is not too long to damage often.
fn log(version: &str) -> Vec<u8> {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/verified");
    std::fs::read(Path::new(corpus).join(format!("cranelift-{version}.log"))).unwrap()
}

/// Reads everything there is to read, and says how much was right.
fn read(log: &[u8]) -> usize {
    Recordings::new(log)
        .filter(|recording| recording.as_ref().is_ok_and(|r| r.read().is_ok()))
        .count()
}

/// Marsaglia's xorshift: the same damage on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }
}

/// The first recordings of a log, up to a length.
fn start(log: &[u8], length: usize) -> &[u8] {
    &log[..length.min(log.len())]
}

#[test]
fn every_prefix_of_a_recording() {
    for version in ["0.111.0", "0.135.8"] {
        let log = log(version);
        for end in 0..start(&log, 4000).len() {
            read(&log[..end]);
        }
    }
}

#[test]
fn bytes_replaced_at_random() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    // What is likely to be mistaken for something else.
    let bytes = b"v0b1s9(){}[],:=-+@;<>!%\" \n.\xff~x";
    for version in ["0.128.0", "0.132.0", "0.137.1"] {
        let log = log(version);
        for _ in 0..600 {
            let from = random.below(log.len() - 6000);
            let mut damaged = log[from..from + 6000].to_vec();
            for _ in 0..1 + random.below(20) {
                let at = random.below(damaged.len());
                damaged[at] = bytes[random.below(bytes.len())];
            }
            read(&damaged);
        }
    }
}

#[test]
fn lines_moved_at_random() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let log = String::from_utf8(log("0.135.8")).unwrap();
    let lines: Vec<&str> = log.lines().take(400).collect();
    for _ in 0..600 {
        let mut damaged = lines.clone();
        for _ in 0..1 + random.below(6) {
            let (from, to) = (random.below(damaged.len()), random.below(damaged.len()));
            match random.below(3) {
                0 => damaged.swap(from, to),
                1 => damaged[to] = damaged[from],
                _ => {
                    damaged.remove(from);
                }
            }
        }
        read(damaged.join("\n").as_bytes());
    }
}

#[test]
fn damage_outside_of_a_recording_leaves_it_alone() {
    let whole = log("0.135.8");
    let count = read(&whole);
    assert!(count > 10);
    // Without its last byte but one, the last function has no end.
    let end = whole.iter().rposition(|&byte| byte == b'}').unwrap();
    assert_eq!(read(&whole[..end]), count - 1);
}

#[test]
fn words_of_all_sorts_as_a_declared_set() {
    let mut random = Random(0x0123_4567_89ab_cdef);
    let bytes = b"{}v0, 91EntitySet bitset:CompoundBitSet;!declare";
    for _ in 0..2000 {
        let text: String =
            (0..random.below(40)).map(|_| char::from(bytes[random.below(bytes.len())])).collect();
        let _ = Declared::parse(&text);
        let _ = declare_line(&text);
        let mut functions = Functions::new(&text, 1);
        while functions.next(&mut Names::default()).is_some() {}
    }
}
