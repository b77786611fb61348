-- What Amazon is told of a visit, as it was when the closeout was handed over: what is recorded later changes nothing
-- of it. A visit whose closeout was handed over before this table was there gets its row when it is sent.
CREATE TABLE report (
  appointment_id BYTEA NOT NULL PRIMARY KEY REFERENCES appointment (appointment_id),
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  -- JSON: times, photos, who was there. Goes with the buyer's data.
  said TEXT NOT NULL
);
