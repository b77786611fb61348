-- Ids are 16 random bytes, times are milliseconds since 1970 in UTC, every row belongs to a seller.
-- Personal data sits only in columns named `sealed` (AES-256-GCM under the job's key), beside `expires_at`.

CREATE TABLE seller (
  seller_id BYTEA NOT NULL PRIMARY KEY,
  marketplace_id TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  -- A known value sealed under the root key: a server started with another key notices.
  key_check BYTEA NOT NULL,
  -- Given out one by one inside the writing transaction, so that event ids are in commit order.
  last_event BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
);

CREATE TABLE user_account (
  user_id BYTEA NOT NULL PRIMARY KEY,
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('technician', 'supervisor', 'administrator')),
  password_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  disabled_at BIGINT,
  -- Over all sellers: somebody signs in with a name and a password only.
  UNIQUE (name)
);

-- Whom Amazon means: a user can have several ids of either kind.
CREATE TABLE user_link (
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  kind TEXT NOT NULL CHECK (kind IN ('technician', 'resource')),
  amazon_id TEXT NOT NULL,
  user_id BYTEA NOT NULL REFERENCES user_account (user_id),
  PRIMARY KEY (seller_id, kind, amazon_id)
);
CREATE INDEX user_link_user ON user_link (user_id);

CREATE TABLE device (
  device_id BYTEA NOT NULL PRIMARY KEY,
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  user_id BYTEA NOT NULL REFERENCES user_account (user_id),
  -- The key of the phone's store, under the server's root key.
  wrapped_key BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  last_contact_at BIGINT NOT NULL
);

CREATE TABLE web_session (
  -- SHA-256 of the cookie: a copy of the database signs nobody in.
  token_hash BYTEA NOT NULL PRIMARY KEY,
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  user_id BYTEA NOT NULL REFERENCES user_account (user_id),
  device_id BYTEA REFERENCES device (device_id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE TABLE intake_cursor (
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  marketplace_id TEXT NOT NULL,
  -- The next intake asks for jobs updated after this, less the overlap.
  last_updated_after BIGINT NOT NULL,
  completed_at BIGINT NOT NULL,
  PRIMARY KEY (seller_id, marketplace_id)
);

CREATE TABLE service_job (
  job_id BYTEA NOT NULL PRIMARY KEY,
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  service_job_id TEXT NOT NULL,
  marketplace_id TEXT NOT NULL,
  status TEXT NOT NULL,
  title TEXT NOT NULL,
  quantity BIGINT NOT NULL,
  time_zone TEXT NOT NULL,
  -- The job's data key under the root key. NULL once the buyer's data has expired.
  wrapped_key BYTEA,
  -- The whole job as Amazon sent it, with buyer, address and fields unknown to us.
  sealed BYTEA,
  expires_at BIGINT NOT NULL,
  -- A hash of what Amazon sent, keyed by the root key, so that a replayed page changes nothing.
  content_hash BYTEA NOT NULL,
  taken_in_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  UNIQUE (seller_id, service_job_id)
);
CREATE INDEX service_job_expiry ON service_job (seller_id, expires_at);

-- A visit. The id is ours and stays when Amazon renames the visit.
CREATE TABLE appointment (
  appointment_id BYTEA NOT NULL PRIMARY KEY,
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  job_id BYTEA NOT NULL REFERENCES service_job (job_id),
  amazon_appointment_id TEXT NOT NULL,
  status TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL
);
-- Partial, though it leaves nothing out: PostgreSQL takes a change of a column in a whole unique index for a change of
-- the row's key, so a new id of Amazon's would lock out everything that refers to the visit until the commit.
CREATE UNIQUE INDEX appointment_once ON appointment (seller_id, job_id, amazon_appointment_id)
  WHERE amazon_appointment_id <> '';
CREATE INDEX appointment_start ON appointment (seller_id, starts_at);

CREATE TABLE assignment (
  appointment_id BYTEA NOT NULL REFERENCES appointment (appointment_id),
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  technician_id TEXT NOT NULL,
  PRIMARY KEY (appointment_id, technician_id)
);
CREATE INDEX assignment_technician ON assignment (seller_id, technician_id);

-- The closeout document of a visit. The change rows are the truth; the snapshot is a cache of them.
CREATE TABLE document (
  appointment_id BYTEA NOT NULL PRIMARY KEY REFERENCES appointment (appointment_id),
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  -- Heads, 32 bytes each, sorted.
  heads BYTEA NOT NULL,
  snapshot BYTEA NOT NULL,
  last_heard_at BIGINT,
  -- Set when the closeout was handed to the outbox; what arrives later is kept and not sent.
  closed_at BIGINT,
  late_changes BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE document_change (
  appointment_id BYTEA NOT NULL REFERENCES document (appointment_id),
  change_hash BYTEA NOT NULL,
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  actor BYTEA NOT NULL,
  seq BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  -- NULL for the server's own.
  device_id BYTEA,
  received_at BIGINT NOT NULL,
  -- Time received less the phone's monotonic clock on sending, when it came in the epoch it was made in.
  anchor_ms BIGINT,
  PRIMARY KEY (appointment_id, change_hash),
  UNIQUE (appointment_id, actor, seq)
);

-- Changes that were refused, with those that came along with them: kept for a person, out of everybody's way.
CREATE TABLE refused_change (
  refused_id BYTEA NOT NULL PRIMARY KEY,
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  appointment_id BYTEA NOT NULL,
  device_id BYTEA NOT NULL,
  -- SHA-256 of the bytes: the same refusal is kept once.
  bytes_hash BYTEA NOT NULL,
  bytes BYTEA NOT NULL,
  reason TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  UNIQUE (appointment_id, device_id, bytes_hash)
);

-- Positions and notes, sealed on the phone under the job's key.
CREATE TABLE sealed_record (
  record_id BYTEA NOT NULL PRIMARY KEY,
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  appointment_id BYTEA NOT NULL REFERENCES appointment (appointment_id),
  device_id BYTEA NOT NULL REFERENCES device (device_id),
  sealed BYTEA,
  expires_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL
);
CREATE INDEX sealed_record_appointment ON sealed_record (appointment_id);

-- An upload under way. Its bytes are a file named by the photo.
CREATE TABLE upload (
  photo_id BYTEA NOT NULL PRIMARY KEY,
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  appointment_id BYTEA NOT NULL REFERENCES appointment (appointment_id),
  device_id BYTEA NOT NULL REFERENCES device (device_id),
  length BIGINT NOT NULL,
  uploaded_sha256 BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

-- A photo that is safe: its sealed picture and thumbnail are blobs named by its id, synced to disk.
CREATE TABLE photo (
  photo_id BYTEA NOT NULL PRIMARY KEY,
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  appointment_id BYTEA NOT NULL REFERENCES appointment (appointment_id),
  device_id BYTEA NOT NULL REFERENCES device (device_id),
  media TEXT NOT NULL CHECK (media IN ('jpeg', 'png')),
  size BIGINT NOT NULL,
  uploaded_sha256 BYTEA NOT NULL,
  picture_sha256 BYTEA NOT NULL,
  safe_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  -- When picture and thumbnail were deleted from disk, after the buyer's data had expired.
  erased_at BIGINT
);
CREATE INDEX photo_appointment ON photo (appointment_id);
CREATE INDEX photo_on_disk ON photo (appointment_id) WHERE erased_at IS NULL;

-- Calls to Amazon, written in the transaction of what they report. One lane per job, oldest first.
CREATE TABLE outbox (
  outbox_id BYTEA NOT NULL PRIMARY KEY,
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  job_id BYTEA NOT NULL REFERENCES service_job (job_id),
  appointment_id BYTEA NOT NULL REFERENCES appointment (appointment_id),
  kind TEXT NOT NULL CHECK (kind IN ('document', 'fulfilment', 'complete')),
  -- Order in the lane: every call waits until all of smaller rank are done.
  rank BIGINT NOT NULL,
  photo_id BYTEA REFERENCES photo (photo_id),
  desired_version BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'sent', 'unknown', 'done', 'parked')),
  -- Towards being parked; a retry by a person begins at 0 again.
  attempts BIGINT NOT NULL DEFAULT 0,
  -- Of these, refusals that said the job is in no state for the call: read back each time, and not for ever.
  refusals BIGINT NOT NULL DEFAULT 0,
  -- Every claim there ever was. Names one in settling, so it never falls.
  claims BIGINT NOT NULL DEFAULT 0,
  -- ready: not before; sent: the lease, after which the outcome counts as unknown; unknown: end of the fence.
  due_at BIGINT NOT NULL,
  sent_at BIGINT,
  -- When the outcome of an attempt was first lost: from then on Amazon may have its effect, now or later.
  lost_at BIGINT,
  -- SHA-256 of the body of the last attempt.
  body_hash BYTEA,
  request_id TEXT,
  reason TEXT,
  done_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX outbox_once ON outbox (appointment_id, kind, desired_version, COALESCE(photo_id, ''::bytea));
CREATE INDEX outbox_due ON outbox (state, due_at);
CREATE INDEX outbox_lane ON outbox (job_id);

-- Where Amazon wants a photo: key, IV and URL are sealed, and used for this one photo only.
CREATE TABLE amazon_document (
  photo_id BYTEA NOT NULL PRIMARY KEY REFERENCES photo (photo_id),
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  upload_destination_id TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  url_deadline BIGINT NOT NULL,
  content_sha256 TEXT,
  uploaded_at BIGINT,
  expires_at BIGINT NOT NULL
);

-- What supervisors are told, without personal data. Ids rise by one per seller in commit order.
CREATE TABLE event (
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  event_id BIGINT NOT NULL,
  appointment_id BYTEA NOT NULL REFERENCES appointment (appointment_id),
  -- JSON of doorstep_core::api::What.
  what TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (seller_id, event_id)
);
