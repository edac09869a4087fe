//! The picture of `cwinf --demo top` in the documentation. To record it again:
//!
//! ```sh
//! RECORD_DEMO=1 cargo test -p coreweave-inference-cli --test cli recording
//! ```

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use super::terminal::Terminal;

const ROWS: u16 = 26;
const COLUMNS: u16 = 120;
/// Of a character, in pixels.
const WIDTH: f64 = 8.4;
const HEIGHT: f64 = 18.0;

#[test]
fn the_dashboard_of_the_demo_is_drawn_as_a_picture() {
    let mut terminal =
        Terminal::start(&["--demo", "top", "--interval", "500ms"], [], ROWS, COLUMNS);
    terminal.press("2");
    terminal.shows("mixtral");
    terminal.press_until("s", "sorted by status");
    terminal.shows("ERROR");
    terminal.press("\r");
    terminal.shows("Model:       qwen-3");
    let picture = svg(terminal.parser.lock().unwrap().screen());
    for text in ["mixtral", "sorted by status", "qwen-3"] {
        assert!(picture.contains(text), "{picture}");
    }
    if env::var_os("RECORD_DEMO").is_some() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
        fs::write(docs.join("cwinf-demo.svg"), picture).unwrap();
    }
    terminal.quit();
}

/// The screen as an SVG image.
fn svg(screen: &vt100::Screen) -> String {
    let (width, height) = (
        f64::from(COLUMNS) * WIDTH + 20.0,
        f64::from(ROWS) * HEIGHT + 20.0,
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"14\" xml:space=\"preserve\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#1b1f24\"/>\n"
    );
    for row in 0..ROWS {
        let cells: Vec<_> = (0..COLUMNS)
            .map(|column| screen.cell(row, column).unwrap())
            .collect();
        let y = 10.0 + f64::from(row) * HEIGHT;
        let mut x = 10.0;
        for run in cells.chunk_by(|a, b| style(a) == style(b)) {
            let length = f64::from(u16::try_from(run.len()).unwrap()) * WIDTH;
            let (foreground, background, weight) = style(run[0]);
            if !background.is_empty() {
                let size = format!("width=\"{length:.1}\" height=\"{HEIGHT}\"");
                writeln!(
                    svg,
                    "<rect x=\"{x:.1}\" y=\"{y}\" {size} fill=\"{background}\"/>"
                )
                .unwrap();
            }
            let text: String = run
                .iter()
                .map(|cell| {
                    if cell.has_contents() {
                        cell.contents()
                    } else {
                        " "
                    }
                })
                .collect();
            if !text.trim().is_empty() {
                let text = text.replace('&', "&amp;").replace('<', "&lt;");
                let place = format!(
                    "x=\"{x:.1}\" y=\"{:.1}\" textLength=\"{length:.1}\"",
                    y + 13.5
                );
                writeln!(
                    svg,
                    "<text {place} fill=\"{foreground}\" font-weight=\"{weight}\">{text}</text>"
                )
                .unwrap();
            }
            x += length;
        }
    }
    svg + "</svg>\n"
}

/// Foreground, background and weight of a cell.
fn style(cell: &vt100::Cell) -> (&'static str, &'static str, &'static str) {
    let (foreground, background) = (color(cell.fgcolor(), "#d7dce2"), color(cell.bgcolor(), ""));
    let weight = if cell.bold() { "bold" } else { "normal" };
    match cell.inverse() {
        true => ("#1b1f24", foreground, weight),
        false => (foreground, background, weight),
    }
}

fn color(color: vt100::Color, default: &'static str) -> &'static str {
    match color {
        vt100::Color::Idx(1 | 9) => "#ff6b6b",
        vt100::Color::Idx(2 | 10) => "#5fd38d",
        vt100::Color::Idx(3 | 11) => "#f2c14e",
        vt100::Color::Idx(5 | 13) => "#c792ea",
        vt100::Color::Idx(7 | 15) => "#ffffff",
        _ => default,
    }
}
