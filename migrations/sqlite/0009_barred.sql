-- Phones by a code, phones that are revoked, and what still comes from those who are barred.

-- Codes that make a browser a phone of a technician, each once.
CREATE TABLE enrolment_code (
  -- Keyed by the root key: a copy of the database cannot try codes.
  code_hash BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  user_id BLOB NOT NULL REFERENCES user_account (user_id),
  -- What the phone will be called.
  name TEXT NOT NULL,
  made_by BLOB NOT NULL REFERENCES user_account (user_id),
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

ALTER TABLE device ADD COLUMN revoked_at INTEGER;
ALTER TABLE device ADD COLUMN revoked_by BLOB REFERENCES user_account (user_id);
ALTER TABLE device ADD COLUMN revoke_reason TEXT;
-- When the phone was told.
ALTER TABLE device ADD COLUMN revoke_heard_at INTEGER;

-- Evidence of barred phones and people. While there is a row that is not released, it does not count.
CREATE TABLE quarantine (
  -- Of a photo: the photo's id.
  item_id BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  appointment_id BLOB NOT NULL REFERENCES appointment (appointment_id),
  device_id BLOB NOT NULL REFERENCES device (device_id),
  kind TEXT NOT NULL CHECK (kind IN ('photo', 'change', 'record')),
  because TEXT NOT NULL CHECK (because IN ('phone_revoked', 'user_disabled')),
  -- Of a change or a record: as it came. A photo is where photos are.
  sealed BLOB,
  expires_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  decision TEXT CHECK (decision IN ('release', 'reject')),
  decided_at INTEGER,
  decided_by BLOB REFERENCES user_account (user_id),
  reason TEXT
) STRICT;
CREATE INDEX quarantine_open ON quarantine (seller_id, received_at) WHERE decision IS NULL;
