//! What a page of HTML must be, whatever is on it.

use scraper::{Html, Selector};

/// Parses a page that has to be well-formed, and to refer to nothing outside of it.
pub(crate) fn parse(page: &str) -> Html {
    let parsed = Html::parse_document(page);
    assert_eq!(parsed.errors, [""; 0]);
    for reference in ["http", "<script", "src=", "@import", "url(", "<link", "onerror=", "onload="]
    {
        assert!(!page.contains(reference), "{reference}");
    }
    let mut ids = std::collections::BTreeSet::new();
    for element in parsed.select(&selector("[id]")) {
        let id = element.attr("id").unwrap_or_default();
        assert!(ids.insert(id), "{id} is there twice");
    }
    for element in parsed.select(&selector("[href]")) {
        let target = element.attr("href").unwrap_or_default();
        let id = target.strip_prefix('#').expect("a place on the page");
        assert!(ids.contains(id), "{id}");
    }
    parsed
}

pub(crate) fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a selector")
}

pub(crate) fn count(page: &Html, of: &str) -> usize {
    page.select(&selector(of)).count()
}

pub(crate) fn text(page: &Html, of: &str) -> String {
    page.select(&selector(of)).flat_map(|element| element.text()).collect()
}
