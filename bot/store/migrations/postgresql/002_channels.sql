-- Messages that came in, from before they are acknowledged until they are answered. `body` is
-- sealed; it and `key` are blanked when a message is done. What is left tells that it was here.
CREATE TABLE inbox (
    number  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- the order in which they came
    channel TEXT NOT NULL,
    id      TEXT NOT NULL,      -- the channel's own, or a digest of it
    key     TEXT NOT NULL,      -- whose; empty when done
    body    BYTEA,
    at      DOUBLE PRECISION NOT NULL,      -- seconds since 1970 when it came
    urgent  BIGINT NOT NULL,   -- 1: it alarms, and goes before other people's
    state   TEXT NOT NULL,      -- waiting, done, failed
    UNIQUE (channel, id)
);
CREATE INDEX inbox_by_state ON inbox (state, key, number);

-- Which process answers whom just now, so that each person is answered in order.
CREATE TABLE tending (
    key    TEXT PRIMARY KEY,
    worker TEXT NOT NULL,
    until  DOUBLE PRECISION NOT NULL        -- after this anybody may take over
);

-- What we start ourselves: a reminder somebody asked for, news about a request of theirs.
CREATE TABLE outbox (
    id      TEXT PRIMARY KEY,
    key     TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind    TEXT NOT NULL,      -- reminder, news
    address BYTEA NOT NULL,      -- sealed
    body    BYTEA NOT NULL,      -- sealed
    due     DOUBLE PRECISION NOT NULL
);
CREATE INDEX outbox_by_due ON outbox (due);
CREATE INDEX outbox_by_key ON outbox (key);

-- Who must not be written to: they said STOP, or blocked us. Their own message opens it again.
CREATE TABLE stopped (
    key TEXT PRIMARY KEY,
    at  DOUBLE PRECISION NOT NULL
);

-- How much of a long answer was sent by SMS, for who writes MORE. Delivered twice, MORE is one.
CREATE TABLE leaves (
    key  TEXT PRIMARY KEY,
    turn TEXT NOT NULL,         -- whose answer it is
    asked_by TEXT NOT NULL,     -- the message that was answered with the last page
    began BIGINT NOT NULL,    -- where that page began
    goes_on BIGINT NOT NULL       -- and where the next one does
);
