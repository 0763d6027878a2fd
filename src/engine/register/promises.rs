//! The promises of a session: added, changed, taken out.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::clock::new_id;
use crate::domain::register::Refusals;
use crate::domain::register::ask::PromiseChange;
use crate::domain::register::session::{Promise, promise};
use crate::store::row::{Place, millis};
use crate::store::{StoreError, Tx, bulk, records};

/// What becomes of the promises of a session.
#[derive(Debug, Default)]
pub(super) struct Promises {
    new: Vec<records::Promise>,
    changed: Vec<records::Promise>,
    removed: Vec<String>,
    /// All of the session, as they are then.
    pub after: Vec<records::Promise>,
}

impl Promises {
    /// Reads what is asked over what is known.
    pub fn read(
        asked: &[PromiseChange],
        session: &str,
        known: &[records::Promise],
        now: Timestamp,
        refused: &mut Refusals,
    ) -> Result<Self, StoreError> {
        let mut promises = Self { after: known.to_vec(), ..Self::default() };
        for (entry, change) in asked.iter().enumerate() {
            let at = match &change.id {
                None => None,
                Some(id) => match promises.after.iter().position(|p| p.id == *id) {
                    Some(at) => Some(at),
                    None => {
                        refused.add_in(
                            entry,
                            "id",
                            "is no promise of this session; leave it empty to add one",
                        );
                        continue;
                    }
                },
            };
            if change.is_removed {
                promises.removed.extend(at.map(|at| promises.after.remove(at).id));
                continue;
            }
            let before = at.map(|at| read(&promises.after[at])).transpose()?;
            let Some(after) = promise(change, before.as_ref(), entry, refused) else { continue };
            match at {
                Some(_) if before.as_ref() == Some(&after) => {}
                Some(at) => {
                    let row = written(after, promises.after[at].clone());
                    promises.after[at].clone_from(&row);
                    promises.changed.retain(|earlier| earlier.id != row.id);
                    promises.changed.push(row);
                }
                None => promises.put(written(after, blank(session, now))),
            }
        }
        Ok(promises)
    }

    fn put(&mut self, row: records::Promise) {
        self.after.push(row.clone());
        self.new.push(row);
    }

    /// Whether nothing becomes of them.
    pub const fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }

    /// Writes them.
    pub async fn write(&self, tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
        bulk::insert(tx, &self.new).await?;
        tx.change_promises(&self.changed).await?;
        tx.remove_promises(&self.removed, now).await
    }

    /// The same for the audit log.
    pub fn told(&self) -> Value {
        let plain = |p: &records::Promise| json!({"id": p.id, "text": p.text, "owner": p.owner, "due_on": p.due_on, "done": p.done});
        let all = |rows: &[records::Promise]| rows.iter().map(plain).collect::<Vec<_>>();
        json!({"added": all(&self.new), "changed": all(&self.changed), "removed": self.removed})
    }
}

fn read(row: &records::Promise) -> Result<Promise, StoreError> {
    let due_on =
        Place { table: "promise", row: &row.id }.date_if("due_on", row.due_on.as_deref())?;
    Ok(Promise { text: row.text.clone(), owner: row.owner.clone(), due_on, is_done: row.done })
}

fn blank(session: &str, now: Timestamp) -> records::Promise {
    records::Promise {
        id: new_id(),
        session_id: session.to_owned(),
        created_at: millis(now),
        ..Default::default()
    }
}

fn written(promise: Promise, row: records::Promise) -> records::Promise {
    records::Promise {
        text: promise.text,
        owner: promise.owner,
        due_on: promise.due_on.map(|day| day.to_string()),
        done: promise.is_done,
        ..row
    }
}
