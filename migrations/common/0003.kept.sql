-- depends: 0002.ticks

-- What left the outbox while a backup was being prepared: of these messages nobody knows yet whether they arrived,
-- so after a restore they are sent once more. Empty at all other times.
CREATE TABLE outbox_kept (
    id          uuid PRIMARY KEY,
    exchange    text NOT NULL,
    routing_key text NOT NULL,
    body        bytea NOT NULL,
    created_at  timestamptz NOT NULL
);

-- A backup holds the lock; should it be killed, the lock goes with its connection.
CREATE FUNCTION keep_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock_shared(hashtext('punctual backup')) THEN
        INSERT INTO outbox_kept (id, exchange, routing_key, body, created_at)
        SELECT id, exchange, routing_key, body, created_at FROM gone
        ON CONFLICT (id) DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER outbox_kept AFTER DELETE ON outbox
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION keep_outbox();
