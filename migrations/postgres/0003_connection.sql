-- What this seller may do at Amazon, operation by operation. Reads are sent from the start; a write is only observed
-- until an administrator switches it on.

CREATE TABLE operation_switch (
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  -- '' is for every program without a line of its own.
  program TEXT NOT NULL,
  -- Amazon's name of it.
  operation TEXT NOT NULL,
  position TEXT NOT NULL CHECK (position IN ('not_allowed', 'observe', 'send')),
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (seller_id, program, operation)
);

-- Which facts of a job say that it is of a program.
CREATE TABLE program_mark (
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  kind TEXT NOT NULL CHECK (kind IN ('asin', 'skill', 'store')),
  value TEXT NOT NULL,
  program TEXT NOT NULL CHECK (program <> ''),
  PRIMARY KEY (seller_id, kind, value)
);

-- Who changed what of it, for good. Numbered per seller in commit order.
CREATE TABLE connection_change (
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  change_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  -- NULL for the command line of the server.
  user_id BYTEA REFERENCES user_account (user_id),
  -- JSON of doorstep_core::api::ConnectionChanged.
  what TEXT NOT NULL,
  PRIMARY KEY (seller_id, change_id)
);

-- A call is of one operation and one program, and may be left unsent for good.
ALTER TABLE outbox ADD COLUMN operation TEXT;
UPDATE outbox SET operation = CASE kind WHEN 'document' THEN 'createServiceDocumentUploadDestination'
  WHEN 'fulfilment' THEN 'setAppointmentFulfillmentData'
  ELSE 'completeServiceJobByServiceJobId' END;
-- Amazon's name of what it writes: the switch it is under.
ALTER TABLE outbox ALTER COLUMN operation SET NOT NULL;
-- '' for none. It stays when the facts it was found by have expired.
ALTER TABLE outbox ADD COLUMN program TEXT NOT NULL DEFAULT '';
-- left: not sent, and never will be.
ALTER TABLE outbox DROP CONSTRAINT outbox_state_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_state_check
  CHECK (state IN ('ready', 'sent', 'unknown', 'done', 'parked', 'left'));

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
