//! Every page is in the summary, and every relative link leads to something.

use std::collections::BTreeSet;
use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::{pages, read, root};

/// The targets of a page's links and pictures.
fn targets(page: &str) -> Vec<String> {
    let events = Parser::new_ext(page, Options::ENABLE_TABLES);
    let target = |event| {
        let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event else {
            return None;
        };
        Some(dest_url.into_string())
    };
    events.filter_map(target).collect()
}

/// The anchors of a page: its headings as mdBook and GitHub name them.
fn anchors(page: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(page, Options::ENABLE_TABLES) {
        if let Event::Start(Tag::Heading { .. }) = event {
            heading = Some(String::new());
        } else if let Event::End(TagEnd::Heading(_)) = event {
            let text = heading.take().unwrap_or_default().to_lowercase();
            let kept = text.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            anchors.insert(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
        } else if let (Event::Text(text) | Event::Code(text), Some(heading)) = (event, &mut heading)
        {
            heading.push_str(&text);
        }
    }
    anchors
}

#[test]
fn every_page_is_in_the_summary_once() {
    let listed = targets(&read("docs/SUMMARY.md"));
    let mut listed: Vec<String> = listed.iter().map(|target| format!("docs/{target}")).collect();
    listed.sort();
    let mut all = pages();
    all.retain(|page| page != "docs/SUMMARY.md");
    assert_eq!(listed, all);
}

#[test]
fn every_relative_link_leads_to_something() {
    let mut checked = 0;
    for path in pages().iter().map(String::as_str).chain(["README.md"]) {
        let page = read(path);
        let folder = Path::new(path).parent().expect("a page is in a folder");
        for target in targets(&page) {
            if target.contains("://") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let found = root().join(folder).join(file);
            assert!(file.is_empty() || found.exists(), "{path} links to {target}");
            if !anchor.is_empty() {
                let text = match file.is_empty() {
                    true => page.clone(),
                    false => std::fs::read_to_string(found).expect("a page"),
                };
                assert!(anchors(&text).contains(anchor), "{path} links to {target}");
            }
            checked += 1;
        }
    }
    assert!(checked > 40, "{checked}");
}
