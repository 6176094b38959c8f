-- The bot that runs over this store, as its network calls it, so that the desk can link to it.
CREATE TABLE bots (
    channel TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    at      REAL NOT NULL      -- seconds since 1970 when it last said so
);

-- Links that a mentor opens on their phone, once and soon.
CREATE TABLE mentor_links (
    mentor TEXT PRIMARY KEY,
    link   TEXT NOT NULL,       -- a digest
    until  REAL NOT NULL
);

-- Where mentors can be written to. One chat a mentor, one mentor a chat.
CREATE TABLE mentor_chats (
    mentor  TEXT PRIMARY KEY,
    key     TEXT NOT NULL UNIQUE,  -- HMAC of channel and address, as of everybody
    channel TEXT NOT NULL,
    address BLOB NOT NULL,      -- sealed
    link    TEXT NOT NULL,      -- digest of the link that was opened: opened twice, it is one
    at      REAL NOT NULL
);

-- Two people who write to each other through the program. No word of theirs is here, but how each
-- can be reached, sealed, from when one gave it until the other does or the talk ends.
CREATE TABLE talks (
    request TEXT PRIMARY KEY,
    mentor  TEXT NOT NULL,
    state   TEXT NOT NULL,      -- asked, open, ended
    version INTEGER NOT NULL,
    since   REAL NOT NULL,
    yes     TEXT NOT NULL,      -- who agreed: person, mentor
    key     TEXT NOT NULL,      -- the person's, when they agreed
    channel TEXT NOT NULL,
    address BLOB,               -- sealed
    person_gave BLOB,           -- sealed
    mentor_gave BLOB            -- sealed
);
CREATE INDEX talks_by_key ON talks (key);
-- Nobody is in two talks at once.
CREATE UNIQUE INDEX talks_of_a_mentor ON talks (mentor) WHERE state = 'open';
CREATE UNIQUE INDEX talks_of_a_person ON talks (key) WHERE state = 'open';
