-- How fast mail may leave: one row for each recipient domain, and '*' for everything together.
-- next_at is when the next message would leave if all left evenly, line_until when those that were
-- put back are through, changed_at when the row was last used; all in microseconds since 1970.
CREATE TABLE bucket (
    name       TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    next_at    BIGINT NOT NULL,
    line_until BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX bucket_unused ON bucket (changed_at);
