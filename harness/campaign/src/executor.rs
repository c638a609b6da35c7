//! Who has the work of a campaign done: this process here, or several elsewhere.

use std::time::Instant;

use crate::error::CampaignError;
use crate::kind::Kind;
use crate::worker::{Job, Worker};

/// Returns the next job, if there is one, and until when it is to be done.
pub(crate) type Next<'a, J> = dyn FnMut() -> Option<(J, Option<Instant>)> + 'a;

/// Hears what came of a job.
pub(crate) type Done<'a, K, J> = dyn FnMut(J, <J as Job<K>>::Done) -> Result<(), CampaignError> + 'a;

/// Has all the jobs done that there are, in any order.
pub(crate) trait Executor<K: Kind> {
    /// Takes jobs until there are no more, and tells what came of each of them. What is not done long after its limit is given
    /// up and not told.
    fn execute<J: Job<K>>(&mut self, next: &mut Next<'_, J>, done: &mut Done<'_, K, J>) -> Result<(), CampaignError>;
}

/// Lets one worker do everything, here and now.
pub(crate) struct Inline<'w, K: Kind>(pub(crate) &'w mut dyn Worker<K>);

impl<K: Kind> Executor<K> for Inline<'_, K> {
    fn execute<J: Job<K>>(&mut self, next: &mut Next<'_, J>, done: &mut Done<'_, K, J>) -> Result<(), CampaignError> {
        while let Some((job, limit)) = next() {
            let answer = job.run(self.0, limit)?;
            done(job, answer)?;
        }
        Ok(())
    }
}
