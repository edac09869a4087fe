//! Deletes, which end when the resource is gone.

use crate::api::DELETION_TIMEOUT;
use crate::call::{Call, Target};
use crate::resource::Managed;
use crate::wait::{Deleted, Wait};

/// A deletion that is ready to be sent: `.await` sends it, and `.and_wait()` also waits until the resource is gone.
pub type Delete<R> = Call<'static, Deletion<R>, R>;

/// What a deletion deletes.
#[derive(Clone, Debug)]
pub struct Deletion<R>(pub(crate) Target<R>);

impl<R: Managed> Call<'static, Deletion<R>, R> {
    /// Deletes the resource and waits until it no longer exists. One that does not exist is a success. The default timeout
    /// is 20 minutes.
    ///
    /// A deletion that is refused because something must happen first is tried again with each poll: a gateway may still
    /// have deployments, a deployment may have a hot-load in progress. [`Wait::on_error`] reports each refusal.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client, gateway: coreweave_inference::Gateway)
    /// # -> Result<(), coreweave_inference::Error> {
    /// for deployment in client.deployments().list().gateway(gateway.id()).await? {
    ///     client.deployments().delete(deployment.id()).await?;
    /// }
    /// client.gateways().delete(gateway.id()).and_wait().on_error(|e| eprintln!("{e}")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn and_wait(self) -> Wait<'static, R, ()> {
        let target = self.body.0;
        let deleted = Deleted {
            target,
            deletes: true,
        };
        Wait::new(self.context, deleted).timeout(DELETION_TIMEOUT)
    }
}
