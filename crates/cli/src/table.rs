//! Aligned tables.

use std::fmt;

use anstyle::Style;

/// A cell: text without control characters, and its style on a terminal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub(crate) fn styled(self, style: Style) -> Self {
        Self { style, ..self }
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

/// Text of the service without control characters, which could drive the terminal.
pub(crate) fn printable(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}

/// A table with left-aligned columns.
#[derive(Debug)]
pub(crate) struct Table {
    header: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(crate) fn new(header: impl Into<Vec<&'static str>>) -> Self {
        Self {
            header: header.into(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bold = Style::new().bold();
        let header = self
            .header
            .iter()
            .map(|title| Cell::from(*title).styled(bold));
        let header: Vec<_> = header.collect();
        let lines = || std::iter::once(&header).chain(&self.rows);
        let width = |cell: &Cell| cell.text.chars().count();
        let widths: Vec<_> = (0..header.len())
            .map(|column| {
                lines()
                    .filter_map(|line| line.get(column))
                    .map(width)
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        for line in lines() {
            for (column, (cell, widest)) in line.iter().zip(&widths).enumerate() {
                let Cell { text, style } = cell;
                write!(f, "{style}{text}{style:#}")?;
                if column + 1 < line.len() {
                    write!(f, "{:1$}", "", widest - width(cell) + 2)?;
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_whatever_the_style() {
        let mut table = Table::new(["NAME", "STATUS"]);
        table.row([
            "a-long-name".into(),
            Cell::from("READY").styled(Style::new().bold()),
        ]);
        table.row(["b".into(), "CREATING".into()]);
        let text = anstream::adapter::strip_str(&table.to_string()).to_string();
        assert_eq!(
            text,
            "NAME         STATUS\na-long-name  READY\nb            CREATING\n"
        );
    }

    #[test]
    fn control_characters_are_not_printed() {
        assert_eq!(Cell::from("a\u{1b}[31mb\n").text, "a [31mb ");
    }
}
