-- Who did it, as a person, where somebody who is known wrote an event by hand: two people may have one
-- name, and whoever withdraws a gap does not sign it out as well.
ALTER TABLE gap_event ADD COLUMN actor_id TEXT REFERENCES person (id);
CREATE INDEX gap_event_actor ON gap_event (actor_id) WHERE actor_id IS NOT NULL;
