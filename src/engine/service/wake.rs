//! What wakes the loops: a cron that ticks at every full minute, and the time a loop asked for.
//!
//! The scheduler is used for one thing, a UTC job that notifies. It loses ticks under load, catches
//! nothing up after a restart and knows no daylight saving; none of that matters to a loop that
//! looks at rows and waits a minute at most.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use super::Part;

/// Every full minute.
const EVERY_MINUTE: &str = "0 * * * * *";

/// How the loops wait between two rounds.
pub trait Wake: Send + Sync {
    /// Waits until a part shall look again, for `at_most` this long. May be dropped half way.
    fn wait(&self, part: Part, at_most: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// The machine's minutes.
pub struct Minutes {
    schedule: Arc<Notify>,
    delivery: Arc<Notify>,
    /// Ticks as long as it is held.
    ticker: Option<JobScheduler>,
}

impl Minutes {
    /// Starts ticking. Where the scheduler does not start, every wait lasts as long as asked for.
    pub async fn start() -> Self {
        let (schedule, delivery) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let ticker = ticker(Arc::clone(&schedule), Arc::clone(&delivery)).await;
        let ticker = ticker
            .inspect_err(|error| tracing::warn!(%error, "no cron; looking every 60 seconds"))
            .ok();
        Self { schedule, delivery, ticker }
    }

    /// Stops ticking. Waits under way last as long as they asked for.
    pub async fn end(&self) {
        if let Some(mut ticker) = self.ticker.clone() {
            // What cannot be shut down ends with the process.
            let _ = ticker.shutdown().await;
        }
    }
}

async fn ticker(
    schedule: Arc<Notify>,
    delivery: Arc<Notify>,
) -> Result<JobScheduler, JobSchedulerError> {
    let scheduler = JobScheduler::new().await?;
    let job = Job::new(EVERY_MINUTE, move |_, _| {
        schedule.notify_one();
        delivery.notify_one();
    })?;
    scheduler.add(job).await?;
    scheduler.start().await?;
    Ok(scheduler)
}

impl Wake for Minutes {
    fn wait(&self, part: Part, at_most: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let minute = match part {
            Part::Schedule => &self.schedule,
            Part::Delivery => &self.delivery,
        };
        Box::pin(async move {
            tokio::select! {
                () = minute.notified() => {}
                () = tokio::time::sleep(at_most) => {}
            }
        })
    }
}
