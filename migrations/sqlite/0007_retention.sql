-- What pruning looks for: who still has a message, and who a web copy, oldest first.
CREATE INDEX edition_message ON edition (created_at) WHERE mould IS NOT NULL;
CREATE INDEX edition_body ON edition (created_at) WHERE body_html IS NOT NULL;

-- A relay's words may be taken from an attempt, and nothing else of it may change.
DROP TRIGGER delivery_attempt_no_update;
CREATE TRIGGER delivery_attempt_no_update BEFORE UPDATE ON delivery_attempt
WHEN NEW.reply IS NOT NULL
    OR (NEW.delivery_id, NEW.number, NEW.started_at, NEW.finished_at, NEW.outcome, NEW.stage, NEW.code, NEW.enhanced, NEW.relay)
    IS NOT (OLD.delivery_id, OLD.number, OLD.started_at, OLD.finished_at, OLD.outcome, OLD.stage, OLD.code, OLD.enhanced, OLD.relay)
BEGIN SELECT RAISE(ABORT, 'delivery_attempt is append-only: record a new row, or void the import it came from'); END;
