-- What this seller may do at Amazon, operation by operation. Reads are sent from the start; a write is only observed
-- until an administrator switches it on.

CREATE TABLE operation_switch (
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  -- '' is for every program without a line of its own.
  program TEXT NOT NULL,
  -- Amazon's name of it.
  operation TEXT NOT NULL,
  position TEXT NOT NULL CHECK (position IN ('not_allowed', 'observe', 'send')),
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (seller_id, program, operation)
) STRICT;

-- Which facts of a job say that it is of a program.
CREATE TABLE program_mark (
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  kind TEXT NOT NULL CHECK (kind IN ('asin', 'skill', 'store')),
  value TEXT NOT NULL,
  program TEXT NOT NULL CHECK (program <> ''),
  PRIMARY KEY (seller_id, kind, value)
) STRICT;

-- Who changed what of it, for good. Numbered per seller in commit order.
CREATE TABLE connection_change (
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  change_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  -- NULL for the command line of the server.
  user_id BLOB REFERENCES user_account (user_id),
  -- JSON of doorstep_core::api::ConnectionChanged.
  what TEXT NOT NULL,
  PRIMARY KEY (seller_id, change_id)
) STRICT;

-- A call is of one operation and one program, and may be left unsent for good. A constraint cannot be changed in place,
-- so the rows move to a new table.
CREATE TABLE outbox_new (
  outbox_id BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  job_id BLOB NOT NULL REFERENCES service_job (job_id),
  appointment_id BLOB NOT NULL REFERENCES appointment (appointment_id),
  kind TEXT NOT NULL CHECK (kind IN ('document', 'fulfilment', 'complete')),
  -- Amazon's name of what it writes: the switch it is under.
  operation TEXT NOT NULL,
  -- '' for none. It stays when the facts it was found by have expired.
  program TEXT NOT NULL DEFAULT '',
  -- Order in the lane: every call waits until all of smaller rank are done.
  rank INTEGER NOT NULL,
  photo_id BLOB REFERENCES photo (photo_id),
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
INSERT INTO outbox_new (outbox_id, seller_id, job_id, appointment_id, kind, operation, rank, photo_id, desired_version,
                        state, attempts, refusals, claims, due_at, sent_at, lost_at, body_hash, request_id, reason,
                        done_at, created_at)
  SELECT outbox_id, seller_id, job_id, appointment_id, kind,
    CASE kind WHEN 'document' THEN 'createServiceDocumentUploadDestination'
      WHEN 'fulfilment' THEN 'setAppointmentFulfillmentData'
      ELSE 'completeServiceJobByServiceJobId' END,
    rank, photo_id, desired_version, state, attempts, refusals, claims, due_at, sent_at, lost_at, body_hash,
    request_id, reason, done_at, created_at
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

-- A seller who has been sending goes on.
INSERT INTO operation_switch (seller_id, program, operation, position, changed_at)
  SELECT s.seller_id, '', o.operation, 'send', s.created_at
  FROM seller s, (SELECT 'createServiceDocumentUploadDestination' AS operation
    UNION ALL SELECT 'setAppointmentFulfillmentData'
    UNION ALL SELECT 'completeServiceJobByServiceJobId') o;
