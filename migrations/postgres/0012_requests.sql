-- What is not a plain completion: jobs that are cancelled, visits that are moved, who comes then, and when somebody
-- will be there. The office decides the first two, with or without somebody having asked in the field.

CREATE TABLE decision (
  decision_id BYTEA NOT NULL PRIMARY KEY,
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  job_id BYTEA NOT NULL REFERENCES service_job (job_id),
  appointment_id BYTEA NOT NULL REFERENCES appointment (appointment_id),
  -- The request in the visit's document that it answers; NULL where nobody had asked.
  request_id BYTEA,
  what TEXT NOT NULL CHECK (what IN ('cancel', 'reschedule')),
  -- Why not; NULL when it was approved.
  declined TEXT,
  -- Amazon's reason code, of what was approved.
  code TEXT,
  -- Of a move: when the visit is to be.
  starts_at BIGINT,
  -- JSON: Amazon's ids of the resources that are assigned again after a move.
  resources TEXT NOT NULL DEFAULT '[]',
  -- Amazon's id of the visit after the move.
  moved_to TEXT,
  decided_by BYTEA NOT NULL REFERENCES user_account (user_id),
  decided_at BIGINT NOT NULL
);
CREATE INDEX decision_visit ON decision (appointment_id, decided_at);

-- When the visits of a job could be, as Amazon said it last.
CREATE TABLE slot_reading (
  job_id BYTEA NOT NULL PRIMARY KEY REFERENCES service_job (job_id),
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  -- NULL while nobody waits for an answer.
  due_at BIGINT,
  attempts BIGINT NOT NULL DEFAULT 0,
  -- When it answered last, with whatever; when it said so last.
  tried_at BIGINT,
  read_at BIGINT,
  -- JSON of doorstep_core::api::Slot, a list.
  slots TEXT NOT NULL DEFAULT '[]',
  -- Why Amazon did not say, the last time it was asked.
  refusal TEXT
);
CREATE INDEX slot_reading_due ON slot_reading (seller_id, due_at) WHERE due_at IS NOT NULL;

ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check
  CHECK (kind IN ('document', 'fulfilment', 'complete', 'reschedule', 'assign', 'cancel', 'eta'));
-- What it carries out, of calls that somebody decided.
ALTER TABLE outbox ADD COLUMN decision_id BYTEA REFERENCES decision (decision_id);
