//! Allocations on the heap per call: `cargo bench -p coreweave-inference --bench allocations`.
//!
//! Only the client's thread is counted, with all that reqwest and the connection allocate there. Prints a table.

mod scene;

use allocation_counter::{AllocationInfo, measure};
use scene::by_hand::ByHand;
use scene::server::Server;
use scene::ways::{Raw, Wrapper};
use scene::{Outcome, Task, Way, decoding, replies, runtime};

const CALLS: u64 = 200;

fn main() -> Outcome<()> {
    let server = Server::start()?;
    let (base, raw, wrapper) = (ByHand::NAME, Raw::NAME, Wrapper::NAME);
    println!("| per call | {base} | {raw} | {wrapper} | {wrapper} beyond {base} |");
    println!("| --- | --- | --- | --- | --- |");
    for task in Task::ALL
        .iter()
        .filter(|task| !matches!(task, Task::Together(_)))
    {
        let by_hand = call::<ByHand>(*task, &server)?;
        let raw = call::<Raw>(*task, &server)?;
        let wrapper = call::<Wrapper>(*task, &server)?;
        row(&task.name(), by_hand, Some(raw), wrapper);
    }
    let body = replies::deployments(1_000);
    let plain = measure(|| drop(decoding::plain(body.as_bytes())));
    let wrapped = measure(|| drop(decoding::wrapped(body.as_bytes())));
    row(
        "decode 1000 deployments",
        Allocated::per(1, plain),
        None,
        Allocated::per(1, wrapped),
    );
    let body = replies::statuses(10_000);
    let closed = measure(|| drop(decoding::closed(body.as_bytes())));
    let open = measure(|| drop(decoding::open(body.as_bytes())));
    row(
        "decode 10000 enum values",
        Allocated::per(1, closed),
        None,
        Allocated::per(1, open),
    );
    Ok(())
}

#[derive(Clone, Copy)]
struct Allocated {
    count: f64,
    bytes: f64,
}

impl Allocated {
    fn per(calls: u64, info: AllocationInfo) -> Self {
        Self {
            count: info.count_total as f64 / calls as f64,
            bytes: info.bytes_total as f64 / calls as f64,
        }
    }
}

fn call<W: Way>(task: Task, server: &Server) -> Outcome<Allocated> {
    let way = W::new(&task.base(server.base()))?;
    let runtime = runtime()?;
    for _ in 0..CALLS {
        runtime.block_on(task.run(&way))?;
    }
    let mut outcome = Ok(());
    let info = measure(|| outcome = (0..CALLS).try_for_each(|_| runtime.block_on(task.run(&way))));
    outcome?;
    Ok(Allocated::per(CALLS, info))
}

fn row(name: &str, base: Allocated, raw: Option<Allocated>, wrapper: Allocated) {
    let cell = |of: Allocated| format!("{:.1} ({:.0} B)", of.count, of.bytes);
    println!(
        "| {name} | {} | {} | {} | {:+.1} ({:+.0} B) |",
        cell(base),
        raw.map(cell).unwrap_or_default(),
        cell(wrapper),
        wrapper.count - base.count,
        wrapper.bytes - base.bytes,
    );
}
