-- After a restore: hand-overs that the journal knows and the database did not, and what an operator
-- said of them. 'sent' and 'uncertain' wait for their delivery, which may not be planned yet, and go
-- once it has that state; 'ignored' stays. Deliveries are not referred to: they may never come.
CREATE TABLE unknown_hand_over (
    delivery_id    TEXT NOT NULL PRIMARY KEY,
    handed_over_at BIGINT NOT NULL,
    attempt        BIGINT NOT NULL CHECK (attempt >= 1),
    verdict        TEXT NOT NULL CHECK (verdict IN ('sent', 'uncertain', 'ignored'))
);
