-- One row a person. `body` is ids and chosen answers as JSON, never what somebody typed.
CREATE TABLE conversations (
    key     TEXT PRIMARY KEY,   -- HMAC of channel and address: no address is stored
    version BIGINT NOT NULL,   -- one more with every turn: a writer with an old one is refused
    at      DOUBLE PRECISION NOT NULL,      -- seconds since 1970 of the last turn
    body    BYTEA NOT NULL
);

-- What was answered, so that a message delivered twice gets the same answer and does nothing twice.
CREATE TABLE replies (
    key     TEXT NOT NULL,
    turn    TEXT NOT NULL,      -- the channel's id of the message
    version BIGINT NOT NULL,   -- of the conversation after it; old ones are dropped by it
    body    BYTEA NOT NULL,
    PRIMARY KEY (key, turn)
);
CREATE INDEX replies_by_version ON replies (key, version);

-- What a turn decided to do, each exactly once.
CREATE TABLE acts (
    key    TEXT NOT NULL,
    turn   TEXT NOT NULL,
    number BIGINT NOT NULL,    -- a turn may decide on several
    kind   TEXT NOT NULL,
    at     DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (key, turn, number)
);

-- Counts by day. Nothing here belongs to a person.
CREATE TABLE notes (
    day   TEXT NOT NULL,        -- 2026-11-22, UTC
    kind  TEXT NOT NULL,
    id    TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (day, kind, id)
);
