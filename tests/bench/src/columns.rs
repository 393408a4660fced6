//! The operations that are timed.

use std::sync::Arc;

use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::isa::{OwnedTargetIsa, TargetIsa, lookup};
use cranelift_codegen::settings::{Configurable, Flags, builder};
use cranelift_codegen::{Context, verify_function};
use peakmem_alloc::{INSTRUMENTED_SYSTEM, PeakMemAllocTrait};
use stackmap_clif::log::Recordings;
use stackmap_clif::names::Names;
use stackmap_clif::text::read_function;
use stackmap_cranelift::{Comparison, Lowered, lower, spill::spill};
use stackmap_verifier::{Options, Outcome, Report, verify};
use target_lexicon::triple;

use crate::clock;
use crate::sample::{Sample, Size};
use crate::texts::Texts;
use crate::touch::touch;

/// An operation that is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Walking every instruction's operands and results of both functions: the floor.
    Touch,
    /// From two functions in memory to the model.
    Lower,
    /// Verifying the model.
    Verify,
    /// Verifying two functions in memory: both of these, or a scan.
    Pair,
    /// From a log to the text's instructions.
    Parse,
    /// From text to the model: parsing and lowering.
    Read,
    /// Cranelift's verifier of the function after.
    VerifyFunction,
    /// Cranelift's spiller.
    Spiller,
    /// Compiling the function after, without optimisation.
    CompileNone,
    /// Compiling the function after, optimised for speed.
    CompileSpeed,
    /// The same, and regalloc2's checker of its own output.
    CompileChecked,
}

impl Column {
    /// All of them.
    pub const ALL: [Column; 11] = [
        Column::Touch,
        Column::Lower,
        Column::Verify,
        Column::Pair,
        Column::Parse,
        Column::Read,
        Column::VerifyFunction,
        Column::Spiller,
        Column::CompileNone,
        Column::CompileSpeed,
        Column::CompileChecked,
    ];
}

/// Compilers with the settings that a column requires.
#[expect(missing_debug_implementations, reason = "Cranelift's targets cannot be printed")]
pub struct Compilers {
    none: OwnedTargetIsa,
    speed: OwnedTargetIsa,
    checked: OwnedTargetIsa,
}

impl Default for Compilers {
    fn default() -> Self {
        let none = compiler(&[("opt_level", "none")]);
        let speed = compiler(&[("opt_level", "speed")]);
        let checked = compiler(&[("opt_level", "speed"), ("regalloc_checker", "true")]);
        Compilers { none, speed, checked }
    }
}

/// Creates a target for x86-64. Cranelift's own verifier is off: it is a separate column.
fn compiler(settings: &[(&str, &str)]) -> Arc<dyn TargetIsa> {
    let mut flags = builder();
    // Recorded functions may pass 128-bit integers.
    let common = [("enable_verifier", "false"), ("enable_llvm_abi_extensions", "true")];
    for (name, value) in common.iter().chain(settings) {
        flags.set(name, value).expect("a setting of Cranelift");
    }
    let target = lookup(triple!("x86_64-unknown-linux-gnu")).expect("an enabled target");
    target.finish(Flags::new(flags)).expect("a target")
}

/// Functions that are measured together.
#[derive(Debug)]
pub struct Subject {
    /// The names of the functions.
    pub name: String,
    samples: Vec<Sample>,
    lowered: Vec<Lowered>,
    texts: Vec<Texts>,
    /// Their total size.
    pub size: Size,
    /// The log that the spiller would have written.
    pub log: String,
}

impl Subject {
    /// Functions that are measured together.
    ///
    /// # Panics
    ///
    /// If one of them is not verified: there is no point in measuring a failure.
    pub fn new(name: String, samples: Vec<Sample>) -> Subject {
        let lowered: Vec<Lowered> = samples.iter().map(lower_sample).collect();
        for (sample, lowered) in samples.iter().zip(&lowered) {
            let outcome = verify_lowered(lowered).outcome;
            assert_eq!(outcome, Outcome::Verified, "{name}, {}", sample.name);
        }
        let size = samples.iter().map(Sample::size).sum();
        let texts: Vec<Texts> = samples.iter().map(Texts::of).collect();
        let log = texts.iter().map(Texts::log).collect();
        Subject { name, samples, lowered, texts, size, log }
    }

    /// The functions.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// The processor time of one run.
    pub fn time(&self, column: Column, compilers: &Compilers) -> std::time::Duration {
        let Subject { samples, lowered, texts, .. } = self;
        let copies = || samples.iter().map(|sample| sample.after.clone()).collect::<Vec<_>>();
        let compile = |isa: &dyn TargetIsa| {
            let contexts = || copies().into_iter().map(Context::for_function).collect();
            clock::time(contexts, |mut contexts: Vec<Context>| {
                for context in &mut contexts {
                    context.compile(isa, &mut ControlPlane::default()).expect("it compiles");
                }
                contexts
            })
        };
        let plainly = || ();
        match column {
            Column::Touch => clock::time(plainly, |()| {
                samples.iter().map(|s| touch(&s.before) ^ touch(&s.after)).fold(0, |a, b| a ^ b)
            }),
            Column::Lower => {
                clock::time(plainly, |()| samples.iter().map(lower_sample).for_each(drop))
            }
            Column::Verify => {
                clock::time(plainly, |()| lowered.iter().map(verify_lowered).for_each(drop))
            }
            Column::Pair => {
                clock::time(plainly, |()| samples.iter().map(verify_sample).for_each(drop))
            }
            Column::Parse => clock::time(plainly, |()| parse(&self.log)),
            Column::Read => clock::time(plainly, |()| texts.iter().map(Texts::read).for_each(drop)),
            Column::VerifyFunction => clock::time(plainly, |()| {
                for sample in samples {
                    verify_function(&sample.after, &*compilers.none).expect("valid CLIF");
                }
            }),
            Column::Spiller => {
                let copies = || samples.iter().map(|s| s.before.clone()).collect::<Vec<_>>();
                clock::time(copies, |copies| {
                    let declared = samples.iter().map(|sample| &sample.declared);
                    let spilled = copies.into_iter().zip(declared).map(|(f, d)| spill(f, d));
                    spilled.collect::<Vec<_>>()
                })
            }
            Column::CompileNone => compile(&*compilers.none),
            Column::CompileSpeed => compile(&*compilers.speed),
            Column::CompileChecked => compile(&*compilers.checked),
        }
    }

    /// Returns the maximum number of bytes in use while one of the functions is verified,
    /// including the model, summed over the functions. Requires a program whose allocator is
    /// [`INSTRUMENTED_SYSTEM`].
    pub fn peak(&self) -> usize {
        let peaks = self.samples.iter().map(|sample| {
            INSTRUMENTED_SYSTEM.reset_peak_memory();
            drop(verify_sample(sample));
            INSTRUMENTED_SYSTEM.get_peak_memory()
        });
        peaks.sum()
    }
}

/// Parses the functions of a log, and counts their instructions.
///
/// # Panics
///
/// If one of them cannot be parsed.
pub fn parse(log: &str) -> usize {
    let instructions = Recordings::new(log.as_bytes()).map(|recording| {
        let recording = match recording {
            Ok(recording) => recording,
            Err(error) => panic!("{error}"),
        };
        let mut names = Names::default();
        let mut count = |text: &str| match read_function(text, 1, &mut names) {
            Ok(function) => function.instructions.len(),
            Err(error) => panic!("{error}"),
        };
        count(&recording.before.text) + count(&recording.after.text)
    });
    instructions.sum()
}

/// Lowers a pair.
///
/// # Panics
///
/// If it does not align.
pub fn lower_sample(sample: &Sample) -> Lowered {
    match lower(&sample.before, sample.declared.iter().copied(), &sample.after) {
        Ok(Comparison::Pair(lowered)) => *lowered,
        Ok(Comparison::Changed(findings)) => panic!("{}: {findings:?}", sample.name),
        Err(error) => panic!("{}: {error}", sample.name),
    }
}

/// Verifies a pair.
///
/// # Panics
///
/// If it does not align.
pub fn verify_sample(sample: &Sample) -> Report {
    let Sample { before, declared, after, .. } = sample;
    match stackmap_cranelift::verify(before, declared, after, &Options::default()) {
        Ok(report) => report,
        Err(error) => panic!("{}: {error}", sample.name),
    }
}

/// Verifies a lowered pair.
pub fn verify_lowered(lowered: &Lowered) -> Report {
    verify(&lowered.before, &lowered.declared, &lowered.after, &Options::default())
}
