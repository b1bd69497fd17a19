-- depends: 0005.traces

-- What the links in e-mails that switch them off are signed with. The newest signs; an old one is good for as long
-- as it stands here, because mails are read for years.
CREATE TABLE unsubscription_key (
    number     integer PRIMARY KEY CHECK (number BETWEEN 0 AND 255),
    secret     bytea NOT NULL CHECK (length(secret) >= 32),
    created_at timestamptz NOT NULL
);
INSERT INTO unsubscription_key (number, secret, created_at)
VALUES (1, decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'), now());
