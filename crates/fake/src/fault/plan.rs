//! The faults in wait, and which of them comes into play.

use crate::fault::Fault;
use crate::operation::Operation;

/// The faults that a server still has to play.
#[derive(Debug)]
pub(crate) struct Plan {
    faults: Vec<Fault>,
    random: fastrand::Rng,
}

impl Plan {
    pub(crate) fn new(random: fastrand::Rng) -> Plan {
        Plan {
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

    /// The fault for a request of this operation, if there is one.
    pub(crate) fn draw(&mut self, operation: Operation) -> Option<Fault> {
        let mut drawn = None;
        for fault in &mut self.faults {
            let fits = fault.on.is_empty() || fault.on.contains(&operation);
            if !fits || fault.times == Some(0) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            if fault.probability < 1.0 && self.random.f64() >= fault.probability {
                continue;
            }
            if let Some(times) = &mut fault.times {
                *times -= 1;
            }
            drawn = Some(fault.clone());
            break;
        }
        self.faults.retain(|fault| fault.times != Some(0));
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: Operation = Operation::GetGateway;
    const LIST: Operation = Operation::ListGateways;

    fn plan(faults: impl IntoIterator<Item = Fault>) -> Plan {
        let mut plan = Plan::new(fastrand::Rng::with_seed(7));
        faults.into_iter().for_each(|fault| plan.add(fault));
        plan
    }

    fn drawn(plan: &mut Plan, operation: Operation) -> Option<String> {
        plan.draw(operation).map(|fault| fault.to_string())
    }

    #[test]
    fn faults_play_in_order_on_their_operations_for_their_times() {
        let mut plan = plan([
            Fault::status(503).on(GET).times(2),
            Fault::reset_before_effect().on(GET).once(),
        ]);
        assert_eq!(drawn(&mut plan, LIST), None);
        assert_eq!(drawn(&mut plan, GET).as_deref(), Some("status 503"));
        assert_eq!(drawn(&mut plan, GET).as_deref(), Some("status 503"));
        assert_eq!(drawn(&mut plan, GET).as_deref(), Some("reset"));
        assert_eq!(drawn(&mut plan, GET), None);
        assert!(plan.faults().is_empty());
    }

    #[test]
    fn a_fault_can_let_requests_pass_first() {
        let mut plan = plan([Fault::status(500).skip(1)]);
        assert_eq!(drawn(&mut plan, GET), None);
        assert!(drawn(&mut plan, GET).is_some());
    }

    #[test]
    fn chance_is_the_same_for_the_same_seed() {
        let draw = || {
            let mut plan = plan([Fault::status(500).probability(0.5)]);
            (0..64)
                .map(|_| plan.draw(GET).is_some())
                .collect::<Vec<_>>()
        };
        let first = draw();
        assert_eq!(first, draw());
        assert!(first.contains(&true) && first.contains(&false));
    }
}
