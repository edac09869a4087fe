//! Ids that would change the route of a request.

use coreweave_inference::ErrorKind;

use crate::fake::start;

#[tokio::test]
async fn invalid_ids_are_not_sent() {
    let (fake, client) = start().await;
    let (claims, deployments) = (client.capacity_claims(), client.deployments());
    let (gateways, hot_loads) = (client.gateways(), client.hot_loads());
    for id in [
        "",
        ".",
        "..",
        "parameters",
        "a/b",
        "../gateways",
        "a?b",
        "a#b",
        "%2e%2e",
        "a%2Fb",
        "a b",
        "a\u{7f}",
        "a:cancel",
    ] {
        let errors = [
            claims.get(id).await.unwrap_err(),
            claims.update(id, |_| ()).await.unwrap_err(),
            claims.delete(id).await.unwrap_err(),
            deployments.get(id).await.unwrap_err(),
            deployments.update(id, |_| ()).await.unwrap_err(),
            deployments.delete(id).await.unwrap_err(),
            deployments.list().gateway(id).await.unwrap_err(),
            deployments.wait_all_ready([id]).await.unwrap_err(),
            gateways.get(id).await.unwrap_err(),
            gateways.update(id, |_| ()).await.unwrap_err(),
            gateways.delete(id).await.unwrap_err(),
            gateways.wait_deleted(id).await.unwrap_err(),
            hot_loads.get(id).await.unwrap_err(),
            hot_loads.cancel(id).await.unwrap_err(),
            hot_loads.replicas(id).await.unwrap_err(),
            hot_loads.list().deployment(id).await.unwrap_err(),
            hot_loads.wait_complete(id).await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
            assert!(error.is_invalid_argument(), "{error}");
            assert!(error.to_string().contains(&format!("{id:?}")), "{error}");
            assert_eq!(error.field_violations().next().unwrap().field, "id");
            assert_eq!(error.attempts(), 0);
        }
    }
    assert!(fake.requests().is_empty());
}
