//! What a reader sees of a page: words without marks, tables by their cells.

use crate::browser::Page;

/// The words of some HTML, one blank between them.
pub fn words(html: &str) -> String {
    let mut out = String::new();
    let mut is_tag = false;
    for c in html.chars() {
        match c {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                out.push(' ');
            }
            c if !is_tag => out.push(c),
            _ => {}
        }
    }
    for (entity, c) in
        [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
    {
        out = out.replace(entity, c);
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands between two marks of a page.
pub fn between<'p>(page: &'p Page, from: &str, to: &str) -> &'p str {
    let at = page.text.find(from).unwrap_or_else(|| panic!("no {from} in {}", page.text));
    let rest = &page.text[at + from.len()..];
    &rest[..rest.find(to).unwrap_or_else(|| panic!("no {to} after {from}"))]
}

/// The body of the table in the region of this name, row by row.
pub fn table(page: &Page, region: &str) -> Vec<Vec<String>> {
    let table = between(page, &format!("aria-label=\"{region}\""), "</table>");
    let body = table.split("<tbody>").nth(1).expect("a body");
    let row = |row: &str| {
        let cells = row.replace("<td", "<th").replace("</td>", "</th>");
        let cells: Vec<String> = cells.split("</th>").map(words).collect();
        cells[..cells.len() - 1].to_vec()
    };
    body.split("</tr>").filter(|own| own.contains("<tr>")).map(row).collect()
}

/// A section by its heading's id, in words.
pub fn section(page: &Page, id: &str) -> String {
    words(between(page, &format!("aria-labelledby=\"{id}\""), "</section>"))
}

/// The gap of this name with its arithmetic, in words.
pub fn gap(page: &Page, name: &str) -> String {
    words(between(page, &format!("<span class=\"name\">{name}</span>"), "</details>"))
}

/// Every link of a page that leads to the same site.
pub fn links(page: &Page) -> Vec<String> {
    let href = |rest: &str| rest.split('"').next().unwrap_or_default().replace("&#38;", "&");
    page.text.split("href=\"/").skip(1).map(|rest| format!("/{}", href(rest))).collect()
}
