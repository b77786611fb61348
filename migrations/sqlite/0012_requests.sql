-- What is not a plain completion: jobs that are cancelled, visits that are moved, who comes then, and when somebody
-- will be there. The office decides the first two, with or without somebody having asked in the field.

CREATE TABLE decision (
  decision_id BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  job_id BLOB NOT NULL REFERENCES service_job (job_id),
  appointment_id BLOB NOT NULL REFERENCES appointment (appointment_id),
  -- The request in the visit's document that it answers; NULL where nobody had asked.
  request_id BLOB,
  what TEXT NOT NULL CHECK (what IN ('cancel', 'reschedule')),
  -- Why not; NULL when it was approved.
  declined TEXT,
  -- Amazon's reason code, of what was approved.
  code TEXT,
  -- Of a move: when the visit is to be.
  starts_at INTEGER,
  -- JSON: Amazon's ids of the resources that are assigned again after a move.
  resources TEXT NOT NULL DEFAULT '[]',
  -- Amazon's id of the visit after the move.
  moved_to TEXT,
  decided_by BLOB NOT NULL REFERENCES user_account (user_id),
  decided_at INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_visit ON decision (appointment_id, decided_at);

-- When the visits of a job could be, as Amazon said it last.
CREATE TABLE slot_reading (
  job_id BLOB NOT NULL PRIMARY KEY REFERENCES service_job (job_id),
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  -- NULL while nobody waits for an answer.
  due_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  -- When it answered last, with whatever; when it said so last.
  tried_at INTEGER,
  read_at INTEGER,
  -- JSON of doorstep_core::api::Slot, a list.
  slots TEXT NOT NULL DEFAULT '[]',
  -- Why Amazon did not say, the last time it was asked.
  refusal TEXT
) STRICT;
CREATE INDEX slot_reading_due ON slot_reading (seller_id, due_at) WHERE due_at IS NOT NULL;

-- A constraint cannot be changed in place, so the calls move to a new table, and the view that reads them with them.
DROP VIEW call_position;
CREATE TABLE outbox_new (
  outbox_id BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  job_id BLOB NOT NULL REFERENCES service_job (job_id),
  appointment_id BLOB NOT NULL REFERENCES appointment (appointment_id),
  kind TEXT NOT NULL
    CHECK (kind IN ('document', 'fulfilment', 'complete', 'reschedule', 'assign', 'cancel', 'eta')),
  -- Amazon's name of what it writes: the switch it is under.
  operation TEXT NOT NULL,
  -- '' for none. It stays when the facts it was found by have expired.
  program TEXT NOT NULL DEFAULT '',
  -- Order in the lane: every call waits until all of smaller rank are done.
  rank INTEGER NOT NULL,
  photo_id BLOB REFERENCES photo (photo_id),
  -- What it carries out, of calls that somebody decided.
  decision_id BLOB REFERENCES decision (decision_id),
  desired_version INTEGER NOT NULL,
  -- left: not sent, and never will be.
  state TEXT NOT NULL CHECK (state IN ('ready', 'sent', 'unknown', 'done', 'parked', 'left')),
  -- Towards being parked; a retry by a person begins at 0 again.
  attempts INTEGER NOT NULL DEFAULT 0,
  -- Of these, refusals that said the job is in no state for the call: read back each time, and not for ever.
  refusals INTEGER NOT NULL DEFAULT 0,
  -- Every claim there ever was. Names one in settling, so it never falls.
  claims INTEGER NOT NULL DEFAULT 0,
  -- ready: not before; sent: the lease, after which the outcome counts as unknown; unknown: end of the fence.
  due_at INTEGER NOT NULL,
  sent_at INTEGER,
  -- When the outcome of an attempt was first lost: from then on Amazon may have its effect, now or later.
  lost_at INTEGER,
  -- SHA-256 of the body of the last attempt.
  body_hash BLOB,
  request_id TEXT,
  reason TEXT,
  done_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
INSERT INTO outbox_new (outbox_id, seller_id, job_id, appointment_id, kind, operation, program, rank, photo_id,
                        desired_version, state, attempts, refusals, claims, due_at, sent_at, lost_at, body_hash,
                        request_id, reason, done_at, created_at)
  SELECT outbox_id, seller_id, job_id, appointment_id, kind, operation, program, rank, photo_id, desired_version,
    state, attempts, refusals, claims, due_at, sent_at, lost_at, body_hash, request_id, reason, done_at, created_at
  FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE UNIQUE INDEX outbox_once ON outbox (appointment_id, kind, desired_version, COALESCE(photo_id, x''));
CREATE INDEX outbox_due ON outbox (state, due_at);
CREATE INDEX outbox_lane ON outbox (job_id);

-- The position of each call's switch: its program's, or else the one for all, or else the one of a new connection.
CREATE VIEW call_position AS
  SELECT c.outbox_id, COALESCE(
    (SELECT s.position FROM operation_switch s
      WHERE s.seller_id = c.seller_id AND s.operation = c.operation AND s.program = c.program),
    (SELECT s.position FROM operation_switch s
      WHERE s.seller_id = c.seller_id AND s.operation = c.operation AND s.program = ''),
    'observe') AS position
  FROM outbox c;
