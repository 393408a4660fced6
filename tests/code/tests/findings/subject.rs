//! A compiled function whose tables are changed.

use cranelift_codegen::Context;
use cranelift_codegen::isa::OwnedTargetIsa;
use stackmap_code::{CodeReport, Emitted, Options, verify, verify_compiled};
use stackmap_code_tests::compile::compile;
use stackmap_code_tests::functions::fixture;
use stackmap_code_tests::targets::target;
use stackmap_verifier::findings::Code;

/// A function and its code.
pub(crate) struct Subject {
    pub(crate) context: Context,
    pub(crate) isa: OwnedTargetIsa,
}

impl Subject {
    /// The function of the fixture `calls.clif`: it has a call with two entries, which returns to
    /// [`addresses`](Self::addresses)`[0]`, one without entries, and one with one entry and two
    /// handlers.
    pub(crate) fn calls() -> Subject {
        Subject::of("calls.clif", "x86_64")
    }

    pub(crate) fn of(fixture_name: &str, target_name: &str) -> Subject {
        Subject::with_settings(fixture_name, target_name, &[("opt_level", "speed")])
    }

    pub(crate) fn with_settings(
        fixture_name: &str,
        target_name: &str,
        settings: &[(&str, &str)],
    ) -> Subject {
        let isa = target(target_name, settings);
        let function = fixture(fixture_name).remove(0);
        let context = compile(&function, &*isa).expect("it compiles");
        verify_compiled(&context, &*isa).expect("it was compiled").assert_verified();
        Subject { context, isa }
    }

    pub(crate) fn emitted(&self) -> Emitted<'_> {
        Emitted::of(self.context.compiled_code().expect("it was compiled"))
    }

    /// The return addresses of the code, in order.
    pub(crate) fn addresses(&self) -> Vec<u32> {
        let code = self.context.compiled_code().expect("it was compiled");
        code.buffer.call_sites().map(|site| site.ret_addr).collect()
    }

    /// What is said of other tables than those that were emitted.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Emitted<'_>)) -> CodeReport {
        let mut emitted = self.emitted();
        change(&mut emitted);
        verify(&self.context.func, &*self.isa, &emitted, &Options::default()).expect("valid CLIF")
    }

    /// The codes of the findings, in order.
    pub(crate) fn codes(&self, change: impl FnOnce(&mut Emitted<'_>)) -> Vec<Code> {
        self.with(change).findings.iter().map(|finding| finding.code).collect()
    }
}
