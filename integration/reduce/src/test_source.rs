//! A reduced case as a test in Rust.

use crate::comment::comment;
use crate::document::Provenance;
use crate::reduce::Reduced;

impl Reduced {
    /// Returns a file with a test that builds the function with `FunctionBuilder`, runs the spiller
    /// that is linked, and fails if what it makes is wrong.
    pub fn test(&self, provenance: &Provenance) -> String {
        let mut lines = self.title(provenance);
        lines.push(String::new());
        lines.extend(NEEDS.lines().map(str::to_owned));
        let comment = comment("//!", &lines);
        let declared: Vec<String> = self.case.declared().iter().map(u32::to_string).collect();
        let (declared, name) = (declared.join(", "), identifier(self.case.name()));
        let function = self.case.before();
        format!(
            r##"{comment}
use cranelift_codegen::ir::Value;
use cranelift_codegen::{{isa, settings}};
use cranelift_frontend::{{FunctionBuilder, FunctionBuilderContext}};

stackmap_builder::adapter!(mod stackmap for cranelift_codegen, cranelift_frontend);

/// The values of the function that are references.
const DECLARED: &[u32] = &[{declared}];

const CLIF: &str = r#"
{function}"#;

#[test]
fn {name}() {{
    let mut function = cranelift_reader::parse_functions(CLIF).expect("CLIF").remove(0);
    let mut context = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut function, &mut context);
    for &value in DECLARED {{
        builder.declare_value_needs_stack_map(Value::from_u32(value));
    }}
    let flags = settings::Flags::new(settings::builder());
    let isa = isa::lookup_by_name("x86_64").expect("a target").finish(flags).expect("flags");
    let checked = stackmap::finalize_checked(builder, isa.frontend_config());
    assert!(!checked.is_wrong(), "{{}}", checked.render(Default::default()));
}}
"##
        )
    }
}

const NEEDS: &str = "\
Needs `cranelift-codegen`, `cranelift-frontend` and `cranelift-reader` of one version, since
0.123, and `stackmap-builder`, whose `finalize_checked` spills as `finalize` does and
verifies the result.";

/// Returns the name of a test for a function of this name.
fn identifier(name: &str) -> String {
    let word: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect();
    format!("{}_is_spilled_right", word.trim_matches('_'))
}
