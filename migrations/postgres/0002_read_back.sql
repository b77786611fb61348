-- What Amazon did to a visit meanwhile, reading a job again, and how current the jobs of each marketplace are.

-- The order that the job belongs to; jobs of one order end together. Amazon's number, no personal data, so it is kept
-- in clear like the job's own: `getServiceJobs` takes it as a filter.
ALTER TABLE service_job ADD COLUMN service_order_id TEXT;
-- When the other jobs of the order were looked for. NULL: not yet.
ALTER TABLE service_job ADD COLUMN order_read_at BIGINT;
-- When Amazon last showed the job, to the hour.
ALTER TABLE service_job ADD COLUMN last_seen_at BIGINT NOT NULL DEFAULT 0;
-- When Amazon was asked for the job and did not have it any more.
ALTER TABLE service_job ADD COLUMN vanished_at BIGINT;
-- When the buyer's data expired: from then on none is taken in.
ALTER TABLE service_job ADD COLUMN buyer_expired_at BIGINT;
-- When a visit scheduled after that got the job another key, for what is recorded of it.
ALTER TABLE service_job ADD COLUMN rekeyed_at BIGINT;
-- A content that no job has: every job is looked at whole once more.
UPDATE service_job SET last_seen_at = changed_at, content_hash = decode(repeat('00', 32), 'hex'),
  buyer_expired_at = CASE WHEN wrapped_key IS NULL THEN expires_at END;
CREATE INDEX service_job_order ON service_job (seller_id, service_order_id) WHERE service_order_id IS NOT NULL;

-- How intake of one marketplace goes.
CREATE TABLE intake_age (
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  marketplace_id TEXT NOT NULL,
  tried_at BIGINT NOT NULL,
  -- Everything that Amazon showed by then is here.
  as_of BIGINT,
  failing_since BIGINT,
  failures BIGINT NOT NULL DEFAULT 0,
  reason TEXT,
  next_try_at BIGINT NOT NULL,
  -- When the visits around now were last compared with Amazon's.
  compared_at BIGINT,
  PRIMARY KEY (seller_id, marketplace_id)
);

-- What Amazon did to a visit, as long as it holds.
CREATE TABLE visit_notice (
  appointment_id BYTEA NOT NULL REFERENCES appointment (appointment_id),
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  kind TEXT NOT NULL CHECK (kind IN ('cancelled', 'called_off', 'moved', 'reassigned', 'vanished', 'after_deadline')),
  at BIGINT NOT NULL,
  -- Of a visit that was moved: when it was to be before.
  before_starts_at BIGINT,
  before_ends_at BIGINT,
  -- When a supervisor said that what was recorded counts all the same.
  accepted_at BIGINT,
  PRIMARY KEY (appointment_id, kind)
);

-- Who had a visit before: their phones may still bring what they recorded.
CREATE TABLE former_assignment (
  appointment_id BYTEA NOT NULL REFERENCES appointment (appointment_id),
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  technician_id TEXT NOT NULL,
  until_at BIGINT NOT NULL,
  PRIMARY KEY (appointment_id, technician_id)
);

-- Jobs to be read from Amazon again.
CREATE TABLE read_request (
  job_id BYTEA NOT NULL PRIMARY KEY REFERENCES service_job (job_id),
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  -- Who asked; NULL when the server did.
  user_id BYTEA REFERENCES user_account (user_id),
  asked_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX read_request_due ON read_request (seller_id, due_at);

-- Jobs whose buyer's data has expired, by a hash of their id under the root key: whatever becomes of their rows, a job
-- that Amazon sends again brings none back.
CREATE TABLE tombstone (
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  service_job_hash BYTEA NOT NULL,
  deadline BIGINT NOT NULL,
  PRIMARY KEY (seller_id, service_job_hash)
);
