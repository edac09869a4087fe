#!/usr/bin/env bash
# Crate clap_complete 4.6.11 (feature unstable-dynamic) with clap 4.6.7: its completion script for bash, in bash 5.2.
# Bash takes `=` for a separator of words: at `--color=al` a completion function gets the words `--color`, `=` and `al`. The
# script passes them on as they are, and the program completes the wrong argument: an option and its value in one word are
# not completed, and neither is the value of KEY=VALUE. With a blank in between, and in fish, they are.
# Seen (the arguments of the program after the tab key):
SEEN="tool --color al: Some(\"always\") None
tool --color=al: error: invalid value 'al' for '--color <COLOR>'
tool --set color=al: None Some(\"color=al\")
fish: --color=always"
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
mkdir "$temp/src"
cat > "$temp/Cargo.toml" <<'TOML'
package = { name = "tool", version = "0.1.0", edition = "2024" }
[dependencies]
clap = { version = "=4.6.7", features = ["derive"] }
clap_complete = { version = "=4.6.11", features = ["unstable-dynamic"] }
TOML
cat > "$temp/src/main.rs" <<'RUST'
use clap::{CommandFactory, Parser};
use clap_complete::{ArgValueCandidates, CompleteEnv, CompletionCandidate};

#[derive(Parser)]
struct Args {
    #[arg(long, value_parser = ["always", "never"])]
    color: Option<String>,
    #[arg(long, add = ArgValueCandidates::new(|| vec![CompletionCandidate::new("color=always")]))]
    set: Option<String>,
}

fn main() {
    CompleteEnv::with_factory(Args::command).complete();
    let args = Args::parse();
    println!("{:?} {:?}", args.color, args.set);
}
RUST
cargo build --quiet --manifest-path "$temp/Cargo.toml" --target-dir "$temp/target"
# Types a line and the tab key into an interactive bash.
cat > "$temp/tab.py" <<'PYTHON'
import os, pty, re, sys
pid, terminal = pty.fork()
if pid == 0: os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
os.write(terminal, b"export NO_COLOR=1; source <(COMPLETE=bash tool); echo re''ady\n")
seen = b""
while b"ready" not in seen: seen += os.read(terminal, 4096)
os.write(terminal, sys.argv[1].encode() + b"\t\nexit\n")
try:
    while True: seen += os.read(terminal, 4096)
except OSError:
    print(re.findall(rb"(?:None|Some|error:)[^\r\n]*", seen)[-1].decode())
PYTHON
export PATH="$temp/target/debug:$PATH"
lines=("tool --color al" "tool --color=al" "tool --set color=al")
seen=$(for line in "${lines[@]}"; do echo "$line: $(python3 "$temp/tab.py" "$line")"; done)
seen+=$'\n'"fish: $(COMPLETE=fish tool -- tool --color=al)"
echo "$seen"
[ "$seen" = "$SEEN" ]
