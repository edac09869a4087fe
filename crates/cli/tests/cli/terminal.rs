//! A program in a pseudo-terminal, and what its screen shows.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long a screen may take to show what is expected.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The program in a pseudo-terminal.
pub(crate) struct Terminal {
    pub(crate) parser: Arc<Mutex<vt100::Parser>>,
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
}

impl Terminal {
    pub(crate) fn start(
        arguments: &[&str],
        environment: impl IntoIterator<Item = (&'static str, String)>,
        rows: u16,
        columns: u16,
    ) -> Self {
        Self::run(
            env!("CARGO_BIN_EXE_cwinf"),
            arguments,
            environment,
            rows,
            columns,
        )
    }

    pub(crate) fn run(
        program: &str,
        arguments: &[&str],
        environment: impl IntoIterator<Item = (&'static str, String)>,
        rows: u16,
        columns: u16,
    ) -> Self {
        let pair = native_pty_system().openpty(size(rows, columns)).unwrap();
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        for (name, value) in environment {
            command.env(name, value);
        }
        command.args(arguments);
        let child = pair.slave.spawn_command(command).unwrap();
        let parser = Arc::new(Mutex::new(vt100::Parser::new(
            cells(rows),
            cells(columns),
            0,
        )));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let screen = Arc::clone(&parser);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                screen.lock().unwrap().process(&buffer[..length]);
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Self {
            parser,
            master: pair.master,
            keys,
            child,
        }
    }

    fn screen(&self) -> String {
        let parser = self.parser.lock().unwrap();
        let lines: Vec<_> = parser
            .screen()
            .contents()
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect();
        lines.join("\n")
    }

    /// Waits until the screen fulfils a condition, and returns it.
    pub(crate) fn until(&self, what: &str, condition: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let screen = self.screen();
            if condition(&screen) {
                return screen;
            }
            assert!(start.elapsed() < TIMEOUT, "never {what}:\n{screen}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn shows(&self, text: &str) -> String {
        self.until(&format!("shows {text:?}"), |screen| screen.contains(text))
    }

    pub(crate) fn hides(&self, text: &str) -> String {
        self.until(&format!("hides {text:?}"), |screen| !screen.contains(text))
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Presses a key until the screen shows a text: one that comes at the moment of a resize can be lost.
    pub(crate) fn press_until(&mut self, key: &str, text: &str) -> String {
        let start = Instant::now();
        while !self.screen().contains(text) && start.elapsed() < TIMEOUT {
            self.press(key);
            std::thread::sleep(Duration::from_millis(200));
        }
        self.shows(text)
    }

    pub(crate) fn resize(&self, rows: u16, columns: u16) {
        self.parser
            .lock()
            .unwrap()
            .screen_mut()
            .set_size(cells(rows), cells(columns));
        self.master.resize(size(rows, columns)).unwrap();
    }

    /// Waits for the end of the program, and returns its exit code.
    pub(crate) fn wait(&mut self) -> u32 {
        self.child.wait().unwrap().exit_code()
    }

    pub(crate) fn quit(mut self) {
        self.press("q");
        assert_eq!(self.wait(), 0);
        self.is_restored();
    }

    /// Waits until the terminal is as it was before the program.
    pub(crate) fn is_restored(&self) {
        self.until("is restored", |_| {
            let parser = self.parser.lock().unwrap();
            let screen = parser.screen();
            !screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor()
        });
    }

    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: &str) {
        let id = self.child.process_id().unwrap().to_string();
        let kill = std::process::Command::new("kill")
            .args([signal, &id])
            .status();
        assert!(kill.unwrap().success());
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn is_stopped(&self) -> bool {
        let id = self.child.process_id().unwrap();
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
        stat.rsplit_once(") ").unwrap().1.starts_with('T')
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It has ended already unless a test has failed.
        let _ = self.child.kill();
    }
}

fn cells(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

fn size(rows: u16, cols: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        ..PtySize::default()
    }
}
