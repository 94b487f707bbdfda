//! An emulator inside the test, whose faults can be changed while it runs.

use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use skydeck::catalog::Catalog;
use skydeck::emulator::{RunningEmulator, Settings, start};
use tokio::sync::oneshot;

/// A running emulator, ended when it is dropped.
pub struct Live {
    pub running: Arc<RunningEmulator>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Live {
    pub fn start(faults: &[&str]) -> Self {
        let settings = Settings { faults: faults.iter().map(|fault| (*fault).to_owned()).collect(), ..Settings::default() };
        let (ready, started) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                ready.send(Arc::new(start(&Catalog::built_in(), &settings).await.unwrap())).unwrap();
                let _ = stopped.await;
            });
        });
        Self { running: started.recv().unwrap(), stop: Some(stop), thread: Some(thread) }
    }

    pub fn url(&self, provider: &str) -> String {
        format!("http://{}", self.running.address(provider).unwrap())
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
