-- Who left since the journal was last told of it.
CREATE INDEX consent_event_withdrawn ON consent_event (recorded_at) WHERE kind = 'withdrawn';
