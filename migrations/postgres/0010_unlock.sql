-- A session alone fetches no buyer data, and a phone that is unlocked comes to another one by itself.

-- Whoever has it has to prove each time that the phone is unlocked. Clients of the version before cannot.
ALTER TABLE web_session ADD COLUMN proves BIGINT NOT NULL DEFAULT 0;

-- When somebody last signed in on the phone by password or code; nothing once they signed out.
ALTER TABLE device ADD COLUMN signed_in_at BIGINT;
-- When the server last heard from it unlocked: the lease runs from there.
ALTER TABLE device ADD COLUMN unlocked_at BIGINT;
-- Of when the challenge was that it last came to a session by: none of then or before is taken again.
ALTER TABLE device ADD COLUMN resumed_at BIGINT;
