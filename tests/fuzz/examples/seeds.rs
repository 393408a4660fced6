//! Writes what the fuzzer starts from: `cargo run --example seeds`.

use std::error::Error;
use std::fs;
use std::path::Path;

use stackmap_oracle::dice::bytes;
use walkdir::WalkDir;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The first of a function's three records begins with a line with this.
const FIRST_RECORD: &str = "values needing inclusion in stack maps: ";

/// The targets whose bytes are choices.
const OF_CHOICES: [&str; 8] =
    ["interleaved", "pairs", "mutants", "models", "after_only", "spillers", "frontends", "command"];

/// The number of sets of random bytes from which a generator starts, and the length of each.
const RANDOM: (u64, usize) = (200, 400);

fn main() -> Result<()> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for entry in WalkDir::new(&tests).sort_by_file_name() {
        let entry = entry?;
        let path = entry.path();
        let is_seed = ["sketches", "fixtures", "corpus", "historical"]
            .iter()
            .any(|folder| path.starts_with(tests.join(folder)));
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("clif") if is_seed => write(&corpus, "text", &fs::read_to_string(path)?)?,
            Some("log") if is_seed => from_log(&corpus, &fs::read_to_string(path)?)?,
            Some(_) | None => {}
        }
    }
    for seed in 0..RANDOM.0 {
        for target in OF_CHOICES {
            let folder = corpus.join(target);
            fs::create_dir_all(&folder)?;
            fs::write(folder.join(format!("seed-{seed}")), bytes(seed, RANDOM.1))?;
        }
    }
    Ok(())
}

/// Each run of the spiller is a seed for `log`; its two functions, one after the
/// other below a `;! declare` line, are one for `text`.
fn from_log(corpus: &Path, log: &str) -> Result<()> {
    let starts: Vec<usize> = log.match_indices(FIRST_RECORD).map(|(at, _)| at).collect();
    for (i, &start) in starts.iter().enumerate() {
        let start = log[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = starts.get(i + 1).and_then(|&next| log[..next].rfind('\n'));
        let recording = &log[start..end.map_or(log.len(), |newline| newline + 1)];
        write(corpus, "log", recording)?;
        let set = recording.lines().next().and_then(|line| line.split_once(FIRST_RECORD));
        let names: String =
            set.map_or("", |set| set.1).chars().filter(|c| !"{},".contains(*c)).collect();
        let mut text = format!(";! declare {names}\n");
        let mut inside = false;
        for line in recording.lines() {
            inside |= line.starts_with("function ");
            if inside {
                text.push_str(line);
                text.push('\n');
            }
            inside &= line != "}";
        }
        write(corpus, "text", &text)?;
    }
    Ok(())
}

/// The name is made from the content, so that equal seeds are one.
fn write(corpus: &Path, target: &str, content: &str) -> Result<()> {
    let folder = corpus.join(target);
    fs::create_dir_all(&folder)?;
    let hash = content.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    fs::write(folder.join(format!("seed-{hash:016x}")), content)?;
    Ok(())
}
