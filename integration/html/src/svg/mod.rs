//! Pictures as SVG elements, styled by the page's style sheet.

mod graph;
mod timeline;

pub(crate) use graph::graph;
pub(crate) use timeline::{NO_LINKS, look, timeline};

/// Formats a coordinate with one decimal, which is a tenth of a pixel.
fn rounded(number: f64) -> String {
    let text = format!("{number:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Returns a text cut to `most` characters, with an ellipsis if it was cut.
fn fit(text: &str, most: usize) -> String {
    match text.chars().count() <= most {
        true => text.to_owned(),
        false if most < 2 => String::new(),
        false => text.chars().take(most - 1).chain(['…']).collect(),
    }
}

/// Returns `1, 2, 3`, with an ellipsis in place of numbers beyond `most`.
fn numbers(numbers: &[usize], most: usize) -> String {
    let shown: Vec<String> = numbers.iter().take(most).map(usize::to_string).collect();
    let more = if numbers.len() > most { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
