-- Evidence sealed on phones to the key of a day. The private halves are in a file beside the database, never in it.

-- The keys that were handed out.
CREATE TABLE evidence_key (
  key_id BLOB NOT NULL PRIMARY KEY,
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  -- Days since 1970-01-01 UTC; the key is destroyed when that day begins.
  day INTEGER NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;

-- That a key is destroyed. Each certificate holds the hash of the one before, so that none can be changed or left out.
CREATE TABLE destruction_certificate (
  seller_id BLOB NOT NULL REFERENCES seller (seller_id),
  number INTEGER NOT NULL,
  day INTEGER NOT NULL,
  key_id BLOB NOT NULL,
  -- How many jobs had their deadline on that day.
  jobs INTEGER NOT NULL,
  -- SHA-256 of the file of keys before and after; NULL where there was none.
  store_before BLOB,
  store_after BLOB,
  destroyed_at INTEGER NOT NULL,
  previous BLOB NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (seller_id, number),
  UNIQUE (key_id)
) STRICT;

-- Of the envelope, in bytes; NULL for photos from before, whose envelope was the picture and 4 bytes.
ALTER TABLE photo ADD COLUMN uploaded_length INTEGER;
