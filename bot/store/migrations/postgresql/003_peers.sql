-- Peer mentors. `body` is ids and days as JSON, never words about anybody.
CREATE TABLE mentors (
    id      TEXT PRIMARY KEY,
    retired BIGINT NOT NULL,
    body    TEXT NOT NULL
);

-- A request for a mentor. Words that were shared are sealed, and erased when it ends.
CREATE TABLE requests (
    id      TEXT PRIMARY KEY,   -- random: it names nobody
    state   TEXT NOT NULL,
    version BIGINT NOT NULL,     -- one more with every move: of two at once, one is refused
    since   DOUBLE PRECISION NOT NULL,    -- seconds since 1970, in this state
    body    TEXT NOT NULL,      -- ids as JSON
    claim   TEXT NOT NULL UNIQUE,  -- HMAC of the claim code
    who     TEXT NOT NULL,      -- HMACs of how they said they are found, for keeping people apart
    words   BYTEA,             -- sealed
    found   BYTEA              -- sealed
);
CREATE INDEX requests_by_state ON requests (state);

-- What happened to it, by whom and when.
CREATE TABLE moves (
    request TEXT NOT NULL,
    number  BIGINT NOT NULL,
    at      DOUBLE PRECISION NOT NULL,
    kind    TEXT NOT NULL,
    role    TEXT NOT NULL,
    by_id   TEXT NOT NULL,
    mentors TEXT NOT NULL,
    why     TEXT NOT NULL,
    PRIMARY KEY (request, number)
);

-- Words for staff, where a facility reads them. Sealed, and erased when they were answered.
CREATE TABLE staff_messages (
    id      TEXT PRIMARY KEY,
    state   TEXT NOT NULL,      -- sent, seen, planned, elsewhere
    version BIGINT NOT NULL,
    at      DOUBLE PRECISION NOT NULL,
    since   DOUBLE PRECISION NOT NULL,
    about   TEXT NOT NULL,
    claim   TEXT NOT NULL UNIQUE,
    words   BYTEA,
    found   BYTEA
);

-- Which talk may see which request: the one it was asked in, and those that gave its code. Of a
-- phone's talk also how news gets there.
CREATE TABLE claims (
    key  TEXT NOT NULL,
    kind TEXT NOT NULL,         -- request, message
    id   TEXT NOT NULL,
    at   DOUBLE PRECISION NOT NULL,
    channel TEXT NOT NULL DEFAULT '',
    address BYTEA,              -- sealed
    PRIMARY KEY (key, kind, id)
);
CREATE INDEX claims_by_id ON claims (id);

-- What somebody wrote and has not sent yet, and the code they were just given. Sealed.
CREATE TABLE drafts (
    key  TEXT NOT NULL,
    name TEXT NOT NULL,
    who  TEXT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (key, name)
);

-- Wrong codes in a row, by talk, and of all talks together.
CREATE TABLE tries (
    key   TEXT PRIMARY KEY,
    wrong BIGINT NOT NULL,
    at    DOUBLE PRECISION NOT NULL
);

-- Whom staff keep apart: a mentor and a person (by HMAC; the label is sealed), or a whole unit.
CREATE TABLE keep_separate (
    id     TEXT PRIMARY KEY,
    mentor TEXT NOT NULL,
    who    TEXT NOT NULL,
    unit   TEXT NOT NULL,
    label  BYTEA,
    at     DOUBLE PRECISION NOT NULL
);

-- Who may sign in at the desk.
CREATE TABLE accounts (
    name     TEXT PRIMARY KEY,
    role     TEXT NOT NULL,
    mentor   TEXT NOT NULL,     -- whose desk it is, for a mentor
    password TEXT NOT NULL,     -- argon2id; empty until it is set by its owner
    link     TEXT NOT NULL,     -- digest of the link that sets it, once
    until    DOUBLE PRECISION NOT NULL,   -- when that link ends
    stopped  BIGINT NOT NULL,
    wrong    BIGINT NOT NULL,
    wrong_at DOUBLE PRECISION NOT NULL
);
CREATE TABLE desk_sessions (
    digest  TEXT PRIMARY KEY,   -- of the cookie
    account TEXT NOT NULL,
    began   DOUBLE PRECISION NOT NULL,
    seen    DOUBLE PRECISION NOT NULL
);

-- Mentors who asked for time with their supervisor.
CREATE TABLE supervision (
    id     TEXT PRIMARY KEY,
    mentor TEXT NOT NULL,
    at     DOUBLE PRECISION NOT NULL,
    done   DOUBLE PRECISION NOT NULL      -- 0 until the coordinator has seen to it
);

-- What staff did. Each row holds the digest of the one before, made with the secret.
CREATE TABLE audit (
    number BIGINT PRIMARY KEY,
    at     DOUBLE PRECISION NOT NULL,
    who    TEXT NOT NULL,
    what   TEXT NOT NULL,
    about  TEXT NOT NULL,
    digest TEXT NOT NULL
);
