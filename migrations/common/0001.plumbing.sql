-- What the write path needs in every service's database.
CREATE TABLE operation (
    id          uuid PRIMARY KEY,
    user_id     uuid,
    name        text NOT NULL,
    fingerprint text,
    state       text NOT NULL CHECK (state IN ('done', 'rejected', 'failed')),
    outcome     jsonb NOT NULL,
    created_at  timestamptz NOT NULL
);
CREATE INDEX operation_created_at ON operation (created_at);

CREATE TABLE outbox (
    id          uuid PRIMARY KEY,
    exchange    text NOT NULL,
    routing_key text NOT NULL,
    body        bytea NOT NULL,
    created_at  timestamptz NOT NULL
);
CREATE INDEX outbox_created_at ON outbox (created_at);

CREATE TABLE inbox (
    event_id    uuid PRIMARY KEY,
    received_at timestamptz NOT NULL
);
CREATE INDEX inbox_received_at ON inbox (received_at);

CREATE TABLE dead_letter (
    id       uuid PRIMARY KEY,
    queue    text NOT NULL,
    actor    text,
    message  jsonb NOT NULL,
    body     bytea NOT NULL,
    error    text NOT NULL,
    attempts integer NOT NULL,
    died_at  timestamptz NOT NULL
);
CREATE INDEX dead_letter_died_at ON dead_letter (died_at);

-- The one form of an instant on every wire: RFC 3339 in UTC with milliseconds.
CREATE FUNCTION rfc3339(timestamptz) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
