//! The active faults, and which of them applies to a request.

use crate::fault::Fault;
use crate::operation::Operation;

/// The faults of a server, in the order in which they are tried.
#[derive(Debug)]
pub(crate) struct FaultQueue {
    faults: Vec<Fault>,
    random: fastrand::Rng,
}

impl FaultQueue {
    pub(crate) fn new(random: fastrand::Rng) -> FaultQueue {
        FaultQueue {
            faults: Vec::new(),
            random,
        }
    }

    pub(crate) fn add(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.faults.clear();
    }

    pub(crate) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The fault for a request of this operation that names these ids.
    pub(crate) fn take(&mut self, operation: Operation, ids: &[&str]) -> Option<Fault> {
        let index = self
            .faults
            .iter_mut()
            .position(|fault| fault.matches(operation, ids) && fault.applies(&mut self.random))?;
        let fault = self.faults.get_mut(index)?;
        let taken = fault.clone();
        if let Some(times) = &mut fault.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.faults.remove(index);
            }
        }
        Some(taken)
    }
}

impl Fault {
    fn matches(&self, operation: Operation, ids: &[&str]) -> bool {
        let is_named = |id: &String| ids.iter().any(|named| named.eq_ignore_ascii_case(id));
        (self.on.is_empty() || self.on.contains(&operation))
            && (self.on_ids.is_empty() || self.on_ids.iter().any(is_named))
    }

    /// Whether it is the turn of a fault that matches a request.
    fn applies(&mut self, random: &mut fastrand::Rng) -> bool {
        if self.times == Some(0) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        self.probability
            .is_none_or(|probability| random.f64() < probability)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: Operation = Operation::GetGateway;
    const LIST: Operation = Operation::ListGateways;

    fn queue(faults: impl IntoIterator<Item = Fault>) -> FaultQueue {
        let mut queue = FaultQueue::new(fastrand::Rng::with_seed(7));
        faults.into_iter().for_each(|fault| queue.add(fault));
        queue
    }

    #[test]
    fn faults_apply_in_order_to_their_operations() {
        let first = Fault::status(503).on(GET).times(2);
        let second = Fault::reset_before_effect().on(GET).once();
        let mut queue = queue([first.clone(), second.clone()]);
        assert_eq!(queue.take(LIST, &[]), None);
        let mut effects = Vec::new();
        while let Some(fault) = queue.take(GET, &[]) {
            effects.push(fault.effect);
        }
        let expected = [first.effect.clone(), first.effect, second.effect];
        assert_eq!(effects, expected);
        assert!(queue.faults().is_empty());
    }

    #[test]
    fn a_fault_skips_requests_first() {
        let mut queue = queue([Fault::status(500).skip(1)]);
        assert!(queue.take(GET, &[]).is_none());
        assert!(queue.take(GET, &[]).is_some());
    }

    #[test]
    fn a_fault_on_an_id_ignores_other_resources() {
        let mut queue = queue([Fault::status(500).on_id("ABC").on_id("d").skip(1)]);
        assert!(queue.take(GET, &["x"]).is_none());
        assert!(queue.take(LIST, &[]).is_none());
        assert!(queue.take(GET, &["abc"]).is_none(), "the skipped one");
        assert!(queue.take(GET, &["d"]).is_some());
    }

    #[test]
    fn probability_is_reproducible() {
        let take = || {
            let mut queue = queue([Fault::status(500).probability(0.5)]);
            let taken = (0..64).map(|_| queue.take(GET, &[]).is_some());
            taken.collect::<Vec<_>>()
        };
        let first = take();
        assert_eq!(first, take());
        assert!(first.contains(&true) && first.contains(&false));
    }
}
