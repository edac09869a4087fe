//! Aligned tables.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use crate::text::{Text, printable};

/// A cell: text of one line, and its style on a terminal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub(crate) fn styled(self, style: Style) -> Self {
        Self { style, ..self }
    }

    fn width(&self) -> usize {
        self.text.width()
    }
}

impl<T: AsRef<str>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self {
            text: printable(text.as_ref()),
            style: Style::new(),
        }
    }
}

/// A table with left-aligned columns.
#[derive(Debug)]
pub(crate) struct Table {
    lines: Vec<Vec<Cell>>,
}

impl Table {
    pub(crate) fn new<'a>(header: impl IntoIterator<Item = &'a str>) -> Self {
        let bold = Style::new().bold();
        let header = header
            .into_iter()
            .map(|title| Cell::from(title).styled(bold));
        Self {
            lines: vec![header.collect()],
        }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.lines.push(cells.into_iter().collect());
    }

    pub(crate) fn text(&self) -> Text {
        let widths = self.widths();
        let lines = self.lines.iter().map(|line| aligned(line, &widths));
        lines.fold(Text::default(), Text::then)
    }

    /// The last row of another table, aligned with this one.
    pub(crate) fn row_of(&self, other: &Self) -> Text {
        let row = other.lines.last().map(Vec::as_slice).unwrap_or_default();
        aligned(row, &self.widths())
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = Vec::new();
        for line in &self.lines {
            widths.resize(widths.len().max(line.len()), 0);
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = cell.width().max(*width);
            }
        }
        widths
    }
}

fn aligned(cells: &[Cell], widths: &[usize]) -> Text {
    let mut text = Text::default();
    for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
        text = text.styled(cell.style, &cell.text);
        if column + 1 < cells.len() {
            text = text.plain(" ".repeat(width.saturating_sub(cell.width()) + 2));
        }
    }
    text.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_whatever_the_style_and_the_width_of_a_character() {
        let mut table = Table::new(["NAME", "STATUS"]);
        table.row([
            "a-long-name".into(),
            Cell::from("READY").styled(Style::new().bold()),
        ]);
        table.row(["b".into(), "CREATING".into()]);
        table.row(["漢字".into(), "é\u{301}".into()]);
        assert_eq!(
            table.text().unstyled(),
            "NAME         STATUS\na-long-name  READY\nb            CREATING\n漢字         é\u{301}\n"
        );
    }
}
