-- Evidence sealed on phones to the key of a day. The private halves are in a file beside the database, never in it.

-- The keys that were handed out.
CREATE TABLE evidence_key (
  key_id BYTEA NOT NULL PRIMARY KEY,
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  -- Days since 1970-01-01 UTC; the key is destroyed when that day begins.
  day BIGINT NOT NULL,
  made_at BIGINT NOT NULL
);

-- That a key is destroyed. Each certificate holds the hash of the one before, so that none can be changed or left out.
CREATE TABLE destruction_certificate (
  seller_id BYTEA NOT NULL REFERENCES seller (seller_id),
  number BIGINT NOT NULL,
  day BIGINT NOT NULL,
  key_id BYTEA NOT NULL,
  -- How many jobs had their deadline on that day.
  jobs BIGINT NOT NULL,
  -- SHA-256 of the file of keys before and after; NULL where there was none.
  store_before BYTEA,
  store_after BYTEA,
  destroyed_at BIGINT NOT NULL,
  previous BYTEA NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (seller_id, number),
  UNIQUE (key_id)
);

-- Of the envelope, in bytes; NULL for photos from before, whose envelope was the picture and 4 bytes.
ALTER TABLE photo ADD COLUMN uploaded_length BIGINT;
