-- Work queues, and jobs from files.

-- When Amazon made the job, so that what waits longest comes first. Of what was here before: when it was taken in.
ALTER TABLE service_job ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
UPDATE service_job SET created_at = taken_in_at;
CREATE INDEX service_job_queue ON service_job (seller_id, status, created_at, job_id);
CREATE INDEX appointment_active ON appointment (seller_id, starts_at, appointment_id) WHERE status = 'ACTIVE';

-- Jobs that came from a file, until Amazon has confirmed them and what waited for that is settled.
CREATE TABLE imported_job (
  job_id BYTEA NOT NULL PRIMARY KEY REFERENCES service_job (job_id),
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  imported_at BIGINT NOT NULL,
  -- When Amazon is asked for the job next.
  read_due_at BIGINT NOT NULL,
  -- Why Amazon did not give it the last time.
  refusal TEXT,
  refused_at BIGINT,
  -- When Amazon gave the job itself. From then on it is a job like any other.
  confirmed_at BIGINT
);
CREATE INDEX imported_job_oldest ON imported_job (seller_id, imported_at, job_id) WHERE confirmed_at IS NULL;
CREATE INDEX imported_job_due ON imported_job (seller_id, read_due_at, imported_at) WHERE confirmed_at IS NULL;

-- What each import did. No personal data: of a bad line it has number, field and reason.
CREATE TABLE import_report (
  import_id BYTEA NOT NULL PRIMARY KEY,
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  -- NULL for the command line.
  user_id BYTEA REFERENCES user_account (user_id),
  at BIGINT NOT NULL,
  -- JSON of doorstep_core::api::ImportReport.
  report TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX import_report_at ON import_report (seller_id, at);

-- The seller's own names of columns: JSON of doorstep_core::api::ImportColumns.
CREATE TABLE import_columns (
  seller_id BYTEA NOT NULL PRIMARY KEY REFERENCES seller (seller_id),
  columns TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);
