//! Somebody who is signed in, for tests that are not about signing in.

use back_office_brief::clock::{Clock, new_id};
use back_office_brief::engine::secret::sha256;
use back_office_brief::store::records::WebSession;

use crate::browser::Browser;
use crate::world::World;

impl Browser {
    /// Begins a session of somebody in it, as the link in a mail does.
    pub async fn sign_in(&self, world: &World, email: &str) {
        let cookie = format!("cookie-of-{}", world.id("session"));
        let now = world.clock.now().as_millisecond();
        world
            .put(&[WebSession {
                id: new_id(),
                person_id: format!("person-{email}"),
                cookie_sha256: sha256(&cookie),
                began_at: now,
                seen_at: now,
                expires_at: now + 30 * 24 * 3_600_000,
                ..Default::default()
            }])
            .await;
        self.jar.lock().expect("a jar").insert("brief-session".to_owned(), cookie);
    }
}
