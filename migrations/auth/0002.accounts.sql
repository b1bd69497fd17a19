-- depends: 0001.plumbing
CREATE TABLE account (
    id                uuid PRIMARY KEY,
    email             text NOT NULL CONSTRAINT account_email UNIQUE,  -- in lower case
    password_hash     text NOT NULL,
    password_version  integer NOT NULL,
    created_at        timestamptz NOT NULL,
    email_verified_at timestamptz,
    tokens_void_until timestamptz,
    -- Replica of the profile, fed from the user service's events.
    display_name      text NOT NULL,
    time_zone         text NOT NULL,
    role              text NOT NULL CHECK (role IN ('admin', 'user')),
    active            boolean NOT NULL,
    version           integer NOT NULL
);
CREATE INDEX account_tokens_void_until ON account (tokens_void_until) WHERE tokens_void_until IS NOT NULL;

CREATE TABLE session (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES account,
    device       text NOT NULL,
    address      text NOT NULL,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz
);
CREATE INDEX session_account ON session (account_id, id) WHERE revoked_at IS NULL;
CREATE INDEX session_revoked_at ON session (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX session_expires_at ON session (expires_at);

CREATE TABLE refresh_token (
    hash       text PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    used_at    timestamptz,
    successor  text
);
CREATE INDEX refresh_token_session ON refresh_token (session_id);
CREATE INDEX refresh_token_created_at ON refresh_token (created_at);

CREATE TABLE letter (
    id         uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account,
    kind       text NOT NULL CHECK (kind IN ('verification', 'password_reset', 'already_registered')),
    token_hash text CONSTRAINT letter_token UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX letter_account ON letter (account_id, kind, created_at);
CREATE INDEX letter_created_at ON letter (created_at);

CREATE TABLE guess (
    subject       text PRIMARY KEY,  -- hash of the address, registered or not
    failures      integer NOT NULL,
    failed_at     timestamptz NOT NULL,
    blocked_until timestamptz
);
CREATE INDEX guess_failed_at ON guess (failed_at);

CREATE TABLE signing_key (
    id             uuid PRIMARY KEY,
    seed           bytea NOT NULL CHECK (octet_length(seed) = 32),
    refresh_secret bytea NOT NULL CHECK (octet_length(refresh_secret) = 32),
    created_at     timestamptz NOT NULL,
    signs_from     timestamptz NOT NULL
);
-- The first key is there before the first request. A UUID has 122 bits of the server's strong random source.
INSERT INTO signing_key (id, seed, refresh_secret, created_at, signs_from)
SELECT gen_random_uuid(),
       sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
       sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
       now(), now();
