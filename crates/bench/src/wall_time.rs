//! Compares the wall time of two clients.

use std::time::{Duration, Instant};

use crate::Result;
use crate::workload::{Run, Workload};

/// The median ratio of many short rounds in which the clients take turns, so that other load on the machine affects both.
pub(crate) fn ratio(workload: Workload, client: &str, base: &str, url: &str) -> Result<f64> {
    const TOTAL: Duration = Duration::from_secs(8);
    const ROUND: Duration = Duration::from_millis(4);
    let mut client = workload.prepare(client, url)?;
    let mut base = workload.prepare(base, url)?;
    let once = time(&mut base, 1)?.max(Duration::from_micros(1));
    let times = u32::try_from(ROUND.as_nanos() / once.as_nanos())?.max(1);
    let rounds = usize::try_from(TOTAL.as_nanos() / (2 * once.max(ROUND)).as_nanos())?.max(15);
    let mut ratios = Vec::with_capacity(rounds);
    for round in 0..rounds {
        let (numerator, denominator) = if round % 2 == 0 {
            let numerator = time(&mut client, times)?;
            (numerator, time(&mut base, times)?)
        } else {
            let denominator = time(&mut base, times)?;
            (time(&mut client, times)?, denominator)
        };
        ratios.push(numerator.as_secs_f64() / denominator.as_secs_f64());
    }
    ratios.sort_by(f64::total_cmp);
    Ok(ratios.get(rounds / 2).copied().unwrap_or(f64::NAN))
}

fn time(run: &mut Run, times: u32) -> Result<Duration> {
    let start = Instant::now();
    run(times)?;
    Ok(start.elapsed())
}
