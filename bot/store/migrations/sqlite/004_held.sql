-- One more with every yes of a mentor and every change of theirs: of two at the same moment, one
-- is refused and looks again, so that nobody carries more than they can.
ALTER TABLE mentors ADD COLUMN version INTEGER NOT NULL DEFAULT 0;

-- Whose a pair of keep_separate is, where the person gave no name: their request, and the chats
-- (no kiosk) that may see it.
CREATE TABLE keep_separate_of (
    pair  TEXT NOT NULL,        -- an id of keep_separate
    owner TEXT NOT NULL,        -- an id of requests, or a key
    PRIMARY KEY (pair, owner)
);
CREATE INDEX keep_separate_of_owner ON keep_separate_of (owner);

-- How long the audit log is and how it ends, signed with the secret: rows that were cut off its
-- end are missed.
CREATE TABLE audit_head (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    seal   TEXT NOT NULL
);
