//! Wall time: `cargo bench -p coreweave-inference --bench speed`.
//!
//! Each group holds ways of doing the same, with the same server and the same bytes. On a machine that does other things
//! too, `ratios` is the better measure: it takes turns.

mod scene;

use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};
use scene::by_hand::ByHand;
use scene::server::Server;
use scene::ways::{Raw, Wrapper};
use scene::{Outcome, Task, Way, decoding, replies, runtime};

fn main() -> Outcome<()> {
    let mut criterion = Criterion::default().configure_from_args();
    calls(&mut criterion)?;
    lists(&mut criterion);
    statuses(&mut criterion);
    criterion.final_summary();
    Ok(())
}

fn calls(criterion: &mut Criterion) -> Outcome<()> {
    let server = Server::start()?;
    for task in Task::ALL {
        let mut group = criterion.benchmark_group(task.name());
        call::<ByHand>(&mut group, *task, &server)?;
        call::<Raw>(&mut group, *task, &server)?;
        call::<Wrapper>(&mut group, *task, &server)?;
    }
    Ok(())
}

fn call<W: Way>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    task: Task,
    server: &Server,
) -> Outcome<()> {
    let way = W::new(&task.base(server.base()))?;
    let runtime = runtime()?;
    runtime.block_on(task.run(&way))?;
    group.bench_function(W::NAME, |bencher| {
        bencher.iter(|| runtime.block_on(task.run(&way)).is_ok())
    });
    Ok(())
}

fn lists(criterion: &mut Criterion) {
    for count in [10, 1_000, 10_000] {
        let body = replies::deployments(count);
        let mut group = criterion.benchmark_group(format!("decode {count} deployments"));
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function("serde_json", |bencher| {
            bencher.iter(|| decoding::plain(body.as_bytes()).is_ok())
        });
        group.bench_function("wrapper", |bencher| {
            bencher.iter(|| decoding::wrapped(body.as_bytes()).is_ok())
        });
    }
}

fn statuses(criterion: &mut Criterion) {
    let body = replies::statuses(10_000);
    let mut group = criterion.benchmark_group("decode 10000 enum values");
    group.bench_function("closed", |bencher| {
        bencher.iter(|| decoding::closed(body.as_bytes()).is_ok())
    });
    group.bench_function("open", |bencher| {
        bencher.iter(|| decoding::open(body.as_bytes()).is_ok())
    });
}
