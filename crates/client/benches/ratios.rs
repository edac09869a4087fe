//! What the crate costs beside doing it by hand: `cargo bench -p coreweave-inference --bench ratios`.
//!
//! Words after `--` choose the pairs that have them in their names. Prints a table of two measures for the same pairs:
//!
//! - Wall time. The ways take turns in short rounds, and the median of the rounds' ratios counts, so that whatever else
//!   the machine does meets both alike.
//! - Instructions of the client's process, counted by callgrind where valgrind is installed. The program runs itself
//!   twice with different numbers of calls, so that starting up cancels out.

mod scene;

use std::env;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use scene::by_hand::ByHand;
use scene::server::Server;
use scene::ways::{Raw, Wrapper};
use scene::{Outcome, Task, Way, decoding, replies, runtime};

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [run, pair, way, base, times] = arguments.as_slice()
        && run == RUN
    {
        return prepare(Pair::named(pair)?, way, base)?(times.parse()?);
    }
    let server = Server::start()?;
    let valgrind = Command::new("valgrind")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    if !valgrind {
        eprintln!("valgrind isn't installed: instructions are left out");
    }
    println!("| pair | wall time | instructions | instructions each |");
    println!("| --- | --- | --- | --- |");
    let wanted = |pair: &Pair| {
        arguments
            .iter()
            .all(|word| word == "--bench" || pair.name().contains(word))
    };
    for pair in Pair::all().filter(wanted) {
        let ways = pair.ways();
        let Some((base, others)) = ways.split_first() else {
            continue;
        };
        let counted = if valgrind {
            Some(instructions(pair, base, &server)?)
        } else {
            None
        };
        for other in others {
            let wall = wall(pair, base, other, &server)?;
            let (ratio, each) = match counted {
                Some(of_base) => {
                    let of_other = instructions(pair, other, &server)?;
                    (
                        format!("{:.3}", of_other / of_base),
                        format!("{of_other:.0} ÷ {of_base:.0}"),
                    )
                }
                None => Default::default(),
            };
            println!(
                "| {}: {other} ÷ {base} | {wall:.3} | {ratio} | {each} |",
                pair.name()
            );
        }
    }
    Ok(())
}

/// The argument by which the program knows that it is to do the work and nothing else.
const RUN: &str = "--run";

/// Ways of doing the same.
#[derive(Clone, Copy)]
enum Pair {
    Call(Task),
    /// A list of this many deployments.
    Decode(usize),
    Enums,
}

/// Does a thing this many times.
type Work<'a> = Box<dyn FnMut(u32) -> Outcome<()> + 'a>;

impl Pair {
    fn all() -> impl Iterator<Item = Self> {
        let calls = Task::ALL.iter().copied().map(Self::Call);
        calls
            .chain([10, 1_000, 10_000].map(Self::Decode))
            .chain([Self::Enums])
    }

    fn name(self) -> String {
        match self {
            Self::Call(task) => task.name(),
            Self::Decode(count) => format!("decode {count} deployments"),
            Self::Enums => "decode 10000 enum values".to_owned(),
        }
    }

    fn named(name: &str) -> Outcome<Self> {
        Ok(Self::all()
            .find(|pair| pair.name() == name)
            .ok_or("no such pair")?)
    }

    /// The ways, the first of them the measure of the others.
    fn ways(self) -> &'static [&'static str] {
        match self {
            Self::Call(_) => &[ByHand::NAME, Raw::NAME, Wrapper::NAME],
            Self::Decode(_) => &[SERDE_JSON, Wrapper::NAME],
            Self::Enums => &[CLOSED, OPEN],
        }
    }

    /// How often to do it for one figure: enough for about a million instructions.
    fn times(self) -> u32 {
        match self {
            Self::Call(Task::List) | Self::Decode(1_000) | Self::Enums => 4,
            Self::Call(Task::Together(count)) => {
                u32::try_from(256 / count.max(1)).unwrap_or(1).max(2)
            }
            Self::Decode(10_000) => 1,
            Self::Call(_) | Self::Decode(_) => 100,
        }
    }
}

const SERDE_JSON: &str = "serde_json";
const CLOSED: &str = "closed";
const OPEN: &str = "open";

/// What there is to do one way, connected and warm.
fn prepare<'a>(pair: Pair, way: &str, base: &str) -> Outcome<Work<'a>> {
    match pair {
        Pair::Call(task) => match way {
            ByHand::NAME => call::<ByHand>(task, base),
            Raw::NAME => call::<Raw>(task, base),
            _ => call::<Wrapper>(task, base),
        },
        Pair::Decode(count) => {
            let body = replies::deployments(count);
            Ok(match way {
                SERDE_JSON => repeat(move || decoding::plain(body.as_bytes())),
                _ => repeat(move || decoding::wrapped(body.as_bytes())),
            })
        }
        Pair::Enums => {
            let body = replies::statuses(10_000);
            Ok(match way {
                CLOSED => repeat(move || decoding::closed(body.as_bytes())),
                _ => repeat(move || decoding::open(body.as_bytes())),
            })
        }
    }
}

fn call<'a, W: Way + 'a>(task: Task, base: &str) -> Outcome<Work<'a>> {
    let way = W::new(&task.base(base))?;
    let runtime = runtime()?;
    let mut work = repeat(move || runtime.block_on(task.run(&way)));
    work(2)?;
    Ok(work)
}

fn repeat<'a, T>(mut once: impl FnMut() -> Outcome<T> + 'a) -> Work<'a> {
    Box::new(move |times| {
        (0..times).try_for_each(|_| once().map(|done| drop(std::hint::black_box(done))))
    })
}

/// How much longer one way takes than another.
fn wall(pair: Pair, base: &str, other: &str, server: &Server) -> Outcome<f64> {
    /// How long all rounds may take, unless they are few.
    const ALL: Duration = Duration::from_secs(8);
    /// Long enough for a clock, and so short that both ways meet the same machine.
    const ROUND: Duration = Duration::from_millis(4);
    let (mut base, mut other) = (
        prepare(pair, base, server.base())?,
        prepare(pair, other, server.base())?,
    );
    let once = timed(&mut base, 1)?.max(Duration::from_nanos(100));
    let times = u32::try_from(ROUND.as_nanos() / once.as_nanos())
        .unwrap_or(u32::MAX)
        .max(1);
    let rounds = usize::try_from(ALL.as_nanos() / (2 * once.max(ROUND)).as_nanos()).unwrap_or(0);
    let mut ratios = Vec::new();
    for round in 0..rounds.max(31) {
        // Neither is always the first.
        let (of_base, of_other) = if round % 2 == 0 {
            let of_base = timed(&mut base, times)?;
            (of_base, timed(&mut other, times)?)
        } else {
            let of_other = timed(&mut other, times)?;
            (timed(&mut base, times)?, of_other)
        };
        ratios.push(of_other.as_secs_f64() / of_base.as_secs_f64());
    }
    Ok(median(&mut ratios))
}

fn timed(work: &mut Work<'_>, times: u32) -> Outcome<Duration> {
    let begun = Instant::now();
    work(times)?;
    Ok(begun.elapsed())
}

/// How many instructions it takes to do a thing once.
fn instructions(pair: Pair, way: &str, server: &Server) -> Outcome<f64> {
    let times = pair.times();
    let mut counts = Vec::new();
    // What passes the network depends a little on how the packets fall.
    let runs = if matches!(pair, Pair::Call(_)) { 3 } else { 1 };
    for _ in 0..runs {
        let (few, many) = (
            callgrind(pair, way, server, times)?,
            callgrind(pair, way, server, 3 * times)?,
        );
        counts.push((many - few) / f64::from(2 * times));
    }
    Ok(median(&mut counts))
}

/// The instructions of this program, doing a thing this many times.
fn callgrind(pair: Pair, way: &str, server: &Server, times: u32) -> Outcome<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .args([RUN, &pair.name(), way, server.base(), &times.to_string()])
        .stdin(Stdio::null())
        .output()?;
    let report = String::from_utf8_lossy(&output.stderr);
    let collected = report
        .lines()
        .find_map(|line| line.split_once("Collected :"));
    match collected {
        Some((_, count)) if output.status.success() => Ok(count.trim().parse()?),
        _ => Err(format!("callgrind failed: {report}").into()),
    }
}

fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
