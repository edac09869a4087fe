//! The rules for a gateway's setup, the same for a new one and for an update.

use super::{GatewayAuth, Routing};
use crate::validate::Check;

pub(super) struct Setup<'a> {
    pub(super) name: &'a str,
    pub(super) zones: &'a [String],
    pub(super) auth: &'a GatewayAuth,
    pub(super) routing: &'a Routing,
}

impl Setup<'_> {
    pub(super) fn check(&self, check: &mut Check) {
        check.filled("name", self.name);
        let named = self.zones.iter().all(|zone| !zone.trim().is_empty());
        check.that(named, "zones", "must not hold an empty zone");
        check.that(
            self.zones.len() <= 1,
            "zones",
            "a gateway is limited to one zone",
        );
        if let GatewayAuth::WeightsAndBiases(wandb) = self.auth {
            let (url, key) = (wandb.server_url().is_some(), wandb.has_key());
            check.that(
                url || !key,
                "weightsAndBiasesAuth.serverUrl",
                "must be set when `apiKey` is",
            );
            check.that(
                key || !url,
                "weightsAndBiasesAuth.apiKey",
                "must be set when `serverUrl` is",
            );
        }
        if let Routing::Header(name) = self.routing {
            check.header_name("headerBasedRouting.headerName", name);
        }
    }
}
