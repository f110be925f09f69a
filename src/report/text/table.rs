//! Tables, without lines, so that they read well in a log and can be cut and sorted.

use super::page::{Page, Role};
use comfy_table::{ContentArrangement, Table, presets::NOTHING};

/// Rows under a header, as wide as the page.
pub(super) fn table<const N: usize>(page: &mut Page, header: [&str; N], rows: Vec<[String; N]>) {
    let mut table = Table::new();
    let width = u16::try_from(page.width()).unwrap_or(u16::MAX);
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header(header);
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if at + 1 < N { 2 } else { 0 }));
    }
    table.add_rows(rows);
    let mut lines = table.lines();
    if let Some(header) = lines.next() {
        page.styled(Role::Strong, &header);
    }
    for line in lines {
        page.styled(Role::Plain, &line);
    }
}
