-- depends: 0001.plumbing
-- Replicas, fed from events. A member without a role is a tombstone: older news must not bring the person back.
CREATE TABLE person (
    user_id      uuid PRIMARY KEY,
    email        text NOT NULL,
    display_name text NOT NULL,
    time_zone    text NOT NULL,
    locale       text NOT NULL,
    active       boolean NOT NULL,
    version      integer NOT NULL
);
CREATE INDEX person_email ON person (lower(email));

CREATE TABLE project (
    project_id uuid PRIMARY KEY,
    key        text NOT NULL,
    name       text NOT NULL,
    archived   boolean NOT NULL,
    deleted    boolean NOT NULL,
    version    integer NOT NULL
);

CREATE TABLE member (
    project_id uuid NOT NULL,
    user_id    uuid NOT NULL,
    role       text,
    version    integer NOT NULL,
    PRIMARY KEY (project_id, user_id)
);

-- Only what differs from the defaults of the kinds.
CREATE TABLE preference (
    user_id uuid NOT NULL,
    kind    text NOT NULL,
    in_app  boolean NOT NULL,
    email   boolean NOT NULL,
    PRIMARY KEY (user_id, kind)
);

-- Positions grow with the commits of one person's notifications (a lock sees to it), so a stream that has
-- shown one has shown every lower one.
CREATE SEQUENCE notification_position;

-- Hidden: kept out of the inbox (muted, access lost) and there only to say why.
CREATE TABLE notification (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL,
    event_id   uuid NOT NULL,
    kind       text NOT NULL,
    title      text NOT NULL,
    task_id    uuid,
    project_id uuid,
    actor_id   uuid,
    data       jsonb NOT NULL,
    hidden     boolean NOT NULL,
    position   bigint NOT NULL DEFAULT nextval('notification_position'),
    request_id text,
    created_at timestamptz NOT NULL,
    read_at    timestamptz,
    CONSTRAINT notification_once UNIQUE (user_id, event_id)
);
CREATE INDEX notification_inbox ON notification (user_id, position) WHERE NOT hidden;
CREATE INDEX notification_unread ON notification (user_id, position) WHERE NOT hidden AND read_at IS NULL;

-- While sending, next_attempt_at is the end of the lease: then somebody else may try.
CREATE TABLE delivery (
    id              uuid PRIMARY KEY,
    notification_id uuid NOT NULL REFERENCES notification ON DELETE CASCADE,
    channel         text NOT NULL CHECK (channel IN ('in_app', 'email')),
    state           text NOT NULL
                    CHECK (state IN ('queued', 'held', 'sending', 'sent', 'failed', 'dead', 'suppressed')),
    reason          text,
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    sent_at         timestamptz,
    CONSTRAINT delivery_channel UNIQUE (notification_id, channel)
);
CREATE INDEX delivery_due ON delivery (next_attempt_at) WHERE state IN ('queued', 'sending');
-- What an administrator looks for among millions that went well.
CREATE INDEX delivery_unsettled ON delivery (id) WHERE state IN ('queued', 'held', 'sending', 'failed', 'dead');

-- Mails with a secret in them; `context` is erased as soon as it isn't needed any more.
CREATE TABLE secret_mail (
    id              uuid PRIMARY KEY,
    template        text NOT NULL,
    recipient       text NOT NULL,
    context         jsonb,
    state           text NOT NULL
                    CHECK (state IN ('queued', 'held', 'sending', 'sent', 'failed', 'dead', 'suppressed')),
    reason          text,
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    sent_at         timestamptz,
    request_id      text,
    created_at      timestamptz NOT NULL,
    CONSTRAINT secret_mail_erased CHECK ((context IS NULL) = (state NOT IN ('queued', 'held', 'sending')))
);
CREATE INDEX secret_mail_due ON secret_mail (next_attempt_at) WHERE state IN ('queued', 'sending');
