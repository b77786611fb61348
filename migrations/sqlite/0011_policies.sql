-- What visits are held to, written by the seller, and what says which kind of service a job is of.

-- Policies by their content: JSON of doorstep_core::closeout::Policy, of which the key is the SHA-256.
CREATE TABLE policy_body (
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  sha256 BLOB NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (seller_id, sha256)
) STRICT;

-- Append only: every version that was ever published.
CREATE TABLE closeout_policy (
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  -- Which jobs it is for; '' is any.
  marketplace_id TEXT NOT NULL,
  service_type TEXT NOT NULL CHECK (service_type IN ('', 'standard', 'heavy_bulk', 'recurring')),
  skill TEXT NOT NULL,
  -- From 1, within its scope.
  version INTEGER NOT NULL,
  -- It is for visits that start from here on.
  applies_from INTEGER NOT NULL,
  -- NULL takes the scope back: what is wider holds.
  sha256 BLOB,
  written_at INTEGER NOT NULL,
  written_by BLOB NOT NULL REFERENCES user_account (user_id),
  PRIMARY KEY (seller_id, marketplace_id, service_type, skill, version),
  FOREIGN KEY (seller_id, sha256) REFERENCES policy_body (seller_id, sha256)
) STRICT;

-- What a phone was told that a visit is held to, and when.
CREATE TABLE policy_handout (
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  appointment_id BLOB NOT NULL REFERENCES appointment (appointment_id),
  device_id BLOB NOT NULL REFERENCES device (device_id),
  at INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  PRIMARY KEY (seller_id, appointment_id, device_id, at),
  FOREIGN KEY (seller_id, sha256) REFERENCES policy_body (seller_id, sha256)
) STRICT;
CREATE INDEX policy_handout_device ON policy_handout (seller_id, device_id);

-- A visit that was begun keeps what it was begun under.
CREATE TABLE held_policy (
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  appointment_id BLOB NOT NULL REFERENCES appointment (appointment_id),
  sha256 BLOB NOT NULL,
  held_at INTEGER NOT NULL,
  PRIMARY KEY (seller_id, appointment_id),
  FOREIGN KEY (seller_id, sha256) REFERENCES policy_body (seller_id, sha256)
) STRICT;

-- Which facts of a job say what kind of service it is, where Amazon does not.
CREATE TABLE service_type_mark (
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  kind TEXT NOT NULL CHECK (kind IN ('asin', 'skill', 'store')),
  value TEXT NOT NULL,
  service_type TEXT NOT NULL CHECK (service_type IN ('standard', 'heavy_bulk', 'recurring')),
  PRIMARY KEY (seller_id, kind, value)
) STRICT;

-- Who changed what of it, for good. Numbered per seller in commit order.
CREATE TABLE policy_change (
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  change_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  user_id BLOB NOT NULL REFERENCES user_account (user_id),
  -- JSON of doorstep_core::api::PolicyChanged.
  what TEXT NOT NULL,
  PRIMARY KEY (seller_id, change_id)
) STRICT;

-- Pictures that show what a photo is to look like. No buyer data.
CREATE TABLE policy_sample (
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  sha256 BLOB NOT NULL,
  -- JPEG, made anew from what was sent.
  picture BLOB NOT NULL,
  added_at INTEGER NOT NULL,
  added_by BLOB NOT NULL REFERENCES user_account (user_id),
  PRIMARY KEY (seller_id, sha256)
) STRICT;
