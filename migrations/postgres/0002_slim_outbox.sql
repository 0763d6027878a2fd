-- What every change of a delivery would pay for. A Message-ID is made from the delivery's id, which
-- is unique already; and a lease that is no key of an index can be renewed in place.
DROP INDEX delivery_message;
DROP INDEX delivery_in_flight;
CREATE INDEX delivery_in_flight ON delivery (id) WHERE state IN ('handing_over', 'uncertain');
-- Room on each page for the row's next versions: a lease then touches no index.
ALTER TABLE delivery SET (fillfactor = 50);
