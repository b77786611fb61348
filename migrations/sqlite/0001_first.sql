-- Ids are 16 random bytes, times are milliseconds since 1970 in UTC, every row belongs to a seller.
-- Personal data sits only in columns named `sealed` (AES-256-GCM under the job's key), beside `expires_at`.

CREATE TABLE seller (
  seller_id BLOB NOT NULL PRIMARY KEY,
  marketplace_id TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  -- A known value sealed under the root key: a server started with another key notices.
  key_check BLOB NOT NULL,
  -- Given out one by one inside the writing transaction, so that event ids are in commit order.
  last_event INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE user_account (
  user_id BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('technician', 'supervisor', 'administrator')),
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  disabled_at INTEGER,
  -- Over all sellers: somebody signs in with a name and a password only.
  UNIQUE (name)
) STRICT;

-- Whom Amazon means: a user can have several ids of either kind.
CREATE TABLE user_link (
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  kind TEXT NOT NULL CHECK (kind IN ('technician', 'resource')),
  amazon_id TEXT NOT NULL,
  user_id BLOB NOT NULL REFERENCES user_account (user_id),
  PRIMARY KEY (seller_id, kind, amazon_id)
) STRICT;
CREATE INDEX user_link_user ON user_link (user_id);

CREATE TABLE device (
  device_id BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  user_id BLOB NOT NULL REFERENCES user_account (user_id),
  -- The key of the phone's store, under the server's root key.
  wrapped_key BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  last_contact_at INTEGER NOT NULL
) STRICT;

CREATE TABLE web_session (
  -- SHA-256 of the cookie: a copy of the database signs nobody in.
  token_hash BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  user_id BLOB NOT NULL REFERENCES user_account (user_id),
  device_id BLOB REFERENCES device (device_id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE intake_cursor (
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  marketplace_id TEXT NOT NULL,
  -- The next intake asks for jobs updated after this, less the overlap.
  last_updated_after INTEGER NOT NULL,
  completed_at INTEGER NOT NULL,
  PRIMARY KEY (seller_id, marketplace_id)
) STRICT;

CREATE TABLE service_job (
  job_id BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  service_job_id TEXT NOT NULL,
  marketplace_id TEXT NOT NULL,
  status TEXT NOT NULL,
  title TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  time_zone TEXT NOT NULL,
  -- The job's data key under the root key. NULL once the buyer's data has expired.
  wrapped_key BLOB,
  -- The whole job as Amazon sent it, with buyer, address and fields unknown to us.
  sealed BLOB,
  expires_at INTEGER NOT NULL,
  -- A hash of what Amazon sent, keyed by the root key, so that a replayed page changes nothing.
  content_hash BLOB NOT NULL,
  taken_in_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (seller_id, service_job_id)
) STRICT;
CREATE INDEX service_job_expiry ON service_job (seller_id, expires_at);

-- A visit. The id is ours and stays when Amazon renames the visit.
CREATE TABLE appointment (
  appointment_id BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  job_id BLOB NOT NULL REFERENCES service_job (job_id),
  amazon_appointment_id TEXT NOT NULL,
  status TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL
) STRICT;
-- Partial, though it leaves nothing out: PostgreSQL takes a change of a column in a whole unique index for a change of
-- the row's key, so a new id of Amazon's would lock out everything that refers to the visit until the commit.
CREATE UNIQUE INDEX appointment_once ON appointment (seller_id, job_id, amazon_appointment_id)
  WHERE amazon_appointment_id <> '';
CREATE INDEX appointment_start ON appointment (seller_id, starts_at);

CREATE TABLE assignment (
  appointment_id BLOB NOT NULL REFERENCES appointment (appointment_id),
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  technician_id TEXT NOT NULL,
  PRIMARY KEY (appointment_id, technician_id)
) STRICT;
CREATE INDEX assignment_technician ON assignment (seller_id, technician_id);

-- The closeout document of a visit. The change rows are the truth; the snapshot is a cache of them.
CREATE TABLE document (
  appointment_id BLOB NOT NULL PRIMARY KEY REFERENCES appointment (appointment_id),
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  -- Heads, 32 bytes each, sorted.
  heads BLOB NOT NULL,
  snapshot BLOB NOT NULL,
  last_heard_at INTEGER,
  -- Set when the closeout was handed to the outbox; what arrives later is kept and not sent.
  closed_at INTEGER,
  late_changes INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE document_change (
  appointment_id BLOB NOT NULL REFERENCES document (appointment_id),
  change_hash BLOB NOT NULL,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  actor BLOB NOT NULL,
  seq INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  -- NULL for the server's own.
  device_id BLOB,
  received_at INTEGER NOT NULL,
  -- Time received less the phone's monotonic clock on sending, when it came in the epoch it was made in.
  anchor_ms INTEGER,
  PRIMARY KEY (appointment_id, change_hash),
  UNIQUE (appointment_id, actor, seq)
) STRICT;

-- Changes that were refused, with those that came along with them: kept for a person, out of everybody's way.
CREATE TABLE refused_change (
  refused_id BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  appointment_id BLOB NOT NULL,
  device_id BLOB NOT NULL,
  -- SHA-256 of the bytes: the same refusal is kept once.
  bytes_hash BLOB NOT NULL,
  bytes BLOB NOT NULL,
  reason TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  UNIQUE (appointment_id, device_id, bytes_hash)
) STRICT;

-- Positions and notes, sealed on the phone under the job's key.
CREATE TABLE sealed_record (
  record_id BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  appointment_id BLOB NOT NULL REFERENCES appointment (appointment_id),
  device_id BLOB NOT NULL REFERENCES device (device_id),
  sealed BLOB,
  expires_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sealed_record_appointment ON sealed_record (appointment_id);

-- An upload under way. Its bytes are a file named by the photo.
CREATE TABLE upload (
  photo_id BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  appointment_id BLOB NOT NULL REFERENCES appointment (appointment_id),
  device_id BLOB NOT NULL REFERENCES device (device_id),
  length INTEGER NOT NULL,
  uploaded_sha256 BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

-- A photo that is safe: its sealed picture and thumbnail are blobs named by its id, synced to disk.
CREATE TABLE photo (
  photo_id BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  appointment_id BLOB NOT NULL REFERENCES appointment (appointment_id),
  device_id BLOB NOT NULL REFERENCES device (device_id),
  media TEXT NOT NULL CHECK (media IN ('jpeg', 'png')),
  size INTEGER NOT NULL,
  uploaded_sha256 BLOB NOT NULL,
  picture_sha256 BLOB NOT NULL,
  safe_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- When picture and thumbnail were deleted from disk, after the buyer's data had expired.
  erased_at INTEGER
) STRICT;
CREATE INDEX photo_appointment ON photo (appointment_id);
CREATE INDEX photo_on_disk ON photo (appointment_id) WHERE erased_at IS NULL;

-- Calls to Amazon, written in the transaction of what they report. One lane per job, oldest first.
CREATE TABLE outbox (
  outbox_id BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  job_id BLOB NOT NULL REFERENCES service_job (job_id),
  appointment_id BLOB NOT NULL REFERENCES appointment (appointment_id),
  kind TEXT NOT NULL CHECK (kind IN ('document', 'fulfilment', 'complete')),
  -- Order in the lane: every call waits until all of smaller rank are done.
  rank INTEGER NOT NULL,
  photo_id BLOB REFERENCES photo (photo_id),
  desired_version INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'sent', 'unknown', 'done', 'parked')),
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
CREATE UNIQUE INDEX outbox_once ON outbox (appointment_id, kind, desired_version, COALESCE(photo_id, x''));
CREATE INDEX outbox_due ON outbox (state, due_at);
CREATE INDEX outbox_lane ON outbox (job_id);

-- Where Amazon wants a photo: key, IV and URL are sealed, and used for this one photo only.
CREATE TABLE amazon_document (
  photo_id BLOB NOT NULL PRIMARY KEY REFERENCES photo (photo_id),
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  upload_destination_id TEXT NOT NULL,
  sealed BLOB NOT NULL,
  url_deadline INTEGER NOT NULL,
  content_sha256 TEXT,
  uploaded_at INTEGER,
  expires_at INTEGER NOT NULL
) STRICT;

-- What supervisors are told, without personal data. Ids rise by one per seller in commit order.
CREATE TABLE event (
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  event_id INTEGER NOT NULL,
  appointment_id BLOB NOT NULL REFERENCES appointment (appointment_id),
  -- JSON of doorstep_core::api::What.
  what TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (seller_id, event_id)
) STRICT;
