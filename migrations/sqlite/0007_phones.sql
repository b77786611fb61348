-- Phones as things the office knows. No personal data: figures, and names that the office gives.

-- What the office calls the phone; empty where nobody named it.
ALTER TABLE device ADD COLUMN name TEXT NOT NULL DEFAULT '';
-- JSON of doorstep_core::api::Told: the last health report.
ALTER TABLE device ADD COLUMN told TEXT;
-- JSON of doorstep_core::api::StoreLost: a device whose store vanished is never used again.
ALTER TABLE device ADD COLUMN lost TEXT;

-- Rises with every change of what the office knows of phones, in commit order.
ALTER TABLE seller ADD COLUMN phones_version INTEGER NOT NULL DEFAULT 0;
