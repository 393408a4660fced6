//! Interleaves recorded logs until a number of functions have been read, and prints how many of
//! them are certain: `interleaved FUNCTIONS [SEED]`. The exit status is 1 if the verdict on one
//! differs from its verdict alone.

use std::process::ExitCode;

use stackmap_oracle::dice::{Dice, bytes};
use stackmap_properties::interleaved::{Damage, LOGS, Lost, Totals, interleave};

/// The most threads.
const THREADS: usize = 8;

/// The kinds of missing records.
const LOST: [Option<Lost>; 4] = [None, Some(Lost::Head), Some(Lost::Tail), Some(Lost::Function)];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let (Some(Ok(wanted)), Ok(seed)) = (arguments.next(), arguments.next().unwrap_or(Ok(1))) else {
        eprintln!("usage: interleaved FUNCTIONS [SEED]");
        return ExitCode::from(2);
    };
    let mut sums: Vec<[Totals; LOST.len()]> = vec![Default::default(); THREADS];
    let mut functions = 0;
    for round in seed.. {
        for (index, log) in (0..).zip(LOGS.iter()) {
            for (threads, sums) in (1..).zip(&mut sums) {
                for (lost, sum) in LOST.into_iter().zip(sums) {
                    let seed = round * 1_000_003 + index * 1009 + threads as u64;
                    let bytes = bytes(seed, 20_000);
                    let damage = Damage { thread_ids: false, one_name: round % 2 == 0, lost };
                    let count = 2 + (seed % 59) as usize;
                    let totals = interleave(log, threads, count, damage, &mut Dice::new(&bytes));
                    sum.functions += totals.functions;
                    sum.decided += totals.decided;
                    sum.ambiguous += totals.ambiguous;
                    for wrong in totals.wrong {
                        println!("{wrong}: round {round}, {threads} threads, {damage:?}");
                        sum.wrong.push(wrong);
                    }
                    functions += count as u64;
                }
            }
        }
        if functions >= wanted {
            break;
        }
    }
    let wrong: usize = sums.iter().flatten().map(|totals| totals.wrong.len()).sum();
    println!("{functions} functions, {wrong} with another verdict than alone\n");
    println!("| threads | whole | without its beginning | without its end | without a function |");
    println!("|---|---|---|---|---|");
    for (threads, sums) in (1..).zip(&sums) {
        let share =
            |totals: &Totals| format!("{} %", 100 * totals.decided / totals.functions.max(1));
        let shares: Vec<String> = sums.iter().map(share).collect();
        println!("| {threads} | {} |", shares.join(" | "));
    }
    ExitCode::from(u8::from(wrong > 0))
}
