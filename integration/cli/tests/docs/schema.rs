//! The schema of the JSON form.

use crate::{assert_says, run};

#[test]
fn the_schema_is_what_the_command_prints() {
    let printed = String::from_utf8(run(["schema"]).stdout).expect("UTF-8");
    assert_says("docs/report.schema.json", &printed);
}
