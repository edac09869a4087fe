//! Lists gateways with the wrapper.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = coreweave_inference::Client::from_env()?;
        for gateway in client.gateways().list().await? {
            println!("{} {} {}", gateway.id(), gateway.name(), gateway.status());
        }
        Ok(())
    })
}
