-- One row a person. `body` is ids and chosen answers as JSON, never what somebody typed.
CREATE TABLE conversations (
    key     TEXT PRIMARY KEY,   -- HMAC of channel and address: no address is stored
    version INTEGER NOT NULL,   -- one more with every turn: a writer with an old one is refused
    at      REAL NOT NULL,      -- seconds since 1970 of the last turn
    body    BLOB NOT NULL
) WITHOUT ROWID;

-- What was answered, so that a message delivered twice gets the same answer and does nothing twice.
CREATE TABLE replies (
    key     TEXT NOT NULL,
    turn    TEXT NOT NULL,      -- the channel's id of the message
    version INTEGER NOT NULL,   -- of the conversation after it; old ones are dropped by it
    body    BLOB NOT NULL,
    PRIMARY KEY (key, turn)
) WITHOUT ROWID;
CREATE INDEX replies_by_version ON replies (key, version);

-- What a turn decided to do, each exactly once.
CREATE TABLE acts (
    key    TEXT NOT NULL,
    turn   TEXT NOT NULL,
    number INTEGER NOT NULL,    -- a turn may decide on several
    kind   TEXT NOT NULL,
    at     REAL NOT NULL,
    PRIMARY KEY (key, turn, number)
) WITHOUT ROWID;

-- Counts by day. Nothing here belongs to a person.
CREATE TABLE notes (
    day   TEXT NOT NULL,        -- 2026-11-22, UTC
    kind  TEXT NOT NULL,
    id    TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, kind, id)
) WITHOUT ROWID;
