//! The terminal of the dashboard.

use std::io::{self, IsTerminal, stdout};

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::{DefaultTerminal, Frame, Terminal, backend::CrosstermBackend};

/// The terminal while the dashboard has it: in raw mode, on the alternate screen. It is given back on drop and on a panic.
pub(crate) struct Screen {
    terminal: DefaultTerminal,
}

impl Screen {
    pub(crate) fn take() -> io::Result<Self> {
        if !stdout().is_terminal() {
            return Err(io::Error::other("standard output is not one"));
        }
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            report(panic);
        }));
        Ok(Self { terminal: enter()? })
    }

    pub(crate) fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(draw).map(drop)
    }

    /// Takes the terminal again after the program was stopped, when another one may have changed it.
    pub(crate) fn retake(&mut self) -> io::Result<()> {
        give_back();
        self.terminal = enter()?;
        Ok(())
    }

    /// Stops the program, as Ctrl-Z does elsewhere, until it is continued.
    #[cfg(unix)]
    pub(crate) fn suspend(&mut self) -> io::Result<()> {
        use rustix::process::{Signal, kill_current_process_group};

        give_back();
        kill_current_process_group(Signal::STOP)?;
        self.terminal = enter()?;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// A new terminal, which draws every cell.
fn enter() -> io::Result<DefaultTerminal> {
    let entered = enable_raw_mode().and_then(|()| {
        execute!(
            stdout(),
            EnterAlternateScreen,
            EnableBracketedPaste,
            Clear(ClearType::All)
        )?;
        Terminal::new(CrosstermBackend::new(stdout()))
    });
    entered.inspect_err(|_| give_back())
}

/// Leaves as much of the terminal as possible as it was.
fn give_back() {
    let _ = execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Read;

    use portable_pty::{CommandBuilder, PtySize, native_pty_system};

    use super::*;

    #[test]
    #[ignore = "the other test runs it in a pseudo-terminal"]
    fn panic_with_the_terminal() {
        let _screen = Screen::take().unwrap();
        panic!("planted");
    }

    #[test]
    fn a_panic_gives_the_terminal_back_before_it_is_reported() {
        let pair = native_pty_system().openpty(PtySize::default()).unwrap();
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args([
            "top::screen::tests::panic_with_the_terminal",
            "--exact",
            "--ignored",
            "--nocapture",
        ]);
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let mut output = Vec::new();
        // On Linux, the end of the output is an error.
        let _ = reader.read_to_end(&mut output);
        assert!(!child.wait().unwrap().success());
        let output = String::from_utf8_lossy(&output);
        let at = |text: &str| {
            output
                .find(text)
                .unwrap_or_else(|| panic!("{text:?}: {output}"))
        };
        assert!(at("\u{1b}[?1049h") < at("\u{1b}[?1049l"), "{output}");
        assert!(at("\u{1b}[?1049l") < at("planted"), "{output}");
        assert!(at("\u{1b}[?2004l") < at("planted"), "{output}");
    }
}
