//! Creates, each of which makes at most one resource.
//!
//! Every create carries an id, so repeating it is safe. If the response to an attempt that succeeded was lost, the next
//! attempt fails with ALREADY_EXISTS, and a GET by the id shows whether the resource is the requested one.

use crate::call::{self, Call, Context, Target};
use crate::error::Error;
use crate::raw::Resource as _;
use crate::raw::normalization::covers_create;
use crate::reason;
use crate::resource::{Create as Body, Id, Managed, Resource};
use crate::wait::{Until, Wait};

/// A resource that is ready to be created: `.await` creates it, and `.and_wait()` also waits for it.
pub type Create<R> = Call<'static, NewResource<R>, R>;

/// What a create asks for, with an id, which is the same for each try.
#[derive(Clone, Debug)]
pub struct NewResource<R: Resource> {
    pub(crate) target: Target<R>,
    pub(crate) body: Body<R>,
}

impl<R: Managed> Call<'static, NewResource<R>, R> {
    /// Creates the resource and waits until it is ready. A disabled deployment is done when its resources exist: when the
    /// condition `ResourcesApplied` is true.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client, new: coreweave_inference::NewGateway)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let gateway = client.gateways().create(new).and_wait().on_progress(|gateway| println!("{gateway}")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn and_wait(self) -> Wait<'static, R> {
        let new = self.body;
        let until = Until::ready(new.target.clone(), "to be created");
        let until = until.after(R::Raw::CREATE, |context| {
            Box::pin(async move { Ok((new.create(&context).await?, None)) })
        });
        Wait::new(self.context, until).allow_disabled()
    }
}

impl<R: Resource> NewResource<R> {
    /// Makes up an id, unless the request has one.
    pub(crate) fn new(new: R::New) -> Self {
        let mut body = new.into();
        let id = R::Raw::create_id(&mut body);
        let target = match id.as_deref() {
            None | Some("") => Target::new(Id::random()),
            Some(chosen) => Target::new(chosen),
        };
        *id = Some(target.text().to_owned());
        Self { target, body }
    }

    pub(crate) async fn create(&self, context: &Context) -> Result<R, Error> {
        let id = self.target.id(R::Raw::CREATE)?;
        let context = context.start();
        let call = R::Raw::create(&self.body);
        let asked = call.body();
        match context.write(call, id.as_str()).await {
            Ok(created) => Ok(created),
            Err(error) => {
                let error = error.with_resource_name(R::Raw::create_name(&self.body));
                // Boxed because it is rare: inlined, it would enlarge the future of every create.
                Box::pin(resolve(context, id, &asked, error)).await
            }
        }
    }
}

/// Gets the resource by its id to find out whether a create that failed has succeeded.
async fn resolve<R: Resource>(
    context: Context,
    id: &Id<R>,
    asked: &[u8],
    failed: Error,
) -> Result<R, Error> {
    let conflict = failed.is_already_exists();
    let may_exist = conflict
        || failed.outcome_unknown()
        || (failed.is(reason::HOT_LOAD_IN_PROGRESS) && failed.attempts() > 1);
    if !may_exist {
        return Err(failed);
    }
    let lookup = match conflict {
        true => context,
        // The create has already waited for the outage to pass.
        false => context.without_retries(),
    };
    let found = lookup.execute(R::Raw::get(id.as_str()), Some(id.as_str()));
    match found.await {
        Ok(found) if covers_create(asked, found.body(), R::Raw::MEMBER) => {
            call::resource(found).map(|created| lookup.written(created))
        }
        Ok(_) if conflict => Err(failed.with_reason(reason::ID_TAKEN)),
        Err(error) if error.is_not_found() && conflict && R::UNIQUE_NAMES => {
            Err(failed.with_reason(reason::NAME_TAKEN))
        }
        // Nothing is known for sure, so the create's own error is the best report.
        _ => Err(failed),
    }
}
