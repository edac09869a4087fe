//! Lists of several pages.

use coreweave_inference::DeploymentId;
use coreweave_inference_fake::{FakeServer, Operation};
use futures_util::TryStreamExt;

use crate::fake::start;

#[tokio::test]
async fn pages_are_fetched_as_they_are_read() {
    let (fake, client) = start().await;
    let deployment = DeploymentId::random();
    for n in 0..5 {
        seed_hot_load(&fake, &deployment, n);
    }
    let list = || {
        client
            .hot_loads()
            .list()
            .deployment(&deployment)
            .page_size(2)
    };
    let mut items = list().stream();
    for read in 1..=5 {
        assert!(items.next().await.unwrap().is_ok());
        assert_eq!(
            fake.count(Operation::ListHotLoads),
            usize::div_ceil(read, 2)
        );
    }
    assert!(items.next().await.is_none());

    let pages: Vec<_> = list().pages().try_collect().await.unwrap();
    assert_eq!(
        pages
            .iter()
            .map(|page| page.items.len())
            .collect::<Vec<_>>(),
        [2, 2, 1]
    );
    let rest = list()
        .page_token(pages[0].next_page_token.clone().unwrap())
        .await
        .unwrap();
    assert_eq!(
        rest,
        [pages[1].items.clone(), pages[2].items.clone()].concat()
    );
    assert_eq!(list().await.unwrap().len(), 5);

    let foreign = client
        .hot_loads()
        .list()
        .page_token("foreign")
        .await
        .unwrap_err();
    assert!(foreign.is_invalid_argument());
}

fn seed_hot_load(fake: &FakeServer, deployment: &DeploymentId, n: usize) {
    let spec = serde_json::json!({"deploymentId": deployment, "identity": format!("step-{n}")});
    fake.seed_hot_load(serde_json::json!({"spec": spec}))
        .unwrap();
}
