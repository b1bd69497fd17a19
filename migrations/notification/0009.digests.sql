-- depends: 0008.held

-- Several e-mails as one, at a time that the person chose; null: each at once. Reminders come at once, unless they
-- are wanted in the digest, too. `digest_day` is 0 for Monday.
ALTER TABLE mail_schedule ADD digest text;
ALTER TABLE mail_schedule ADD digest_at time;
ALTER TABLE mail_schedule ADD digest_day integer;
ALTER TABLE mail_schedule ADD digest_reminders boolean;

-- One mail for several deliveries, which stay held until it is settled. While sending, next_attempt_at is the end of
-- the lease.
CREATE TABLE digest (
    id              uuid PRIMARY KEY,
    user_id         uuid NOT NULL,
    state           text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'dead', 'suppressed')),
    reason          text,
    attempts        integer NOT NULL DEFAULT 0,
    attempted_at    timestamptz,
    next_attempt_at timestamptz,
    sent_at         timestamptz,
    created_at      timestamptz NOT NULL
);
CREATE INDEX digest_due ON digest (next_attempt_at) WHERE state IN ('queued', 'sending');

CREATE TABLE digest_item (
    digest_id   uuid NOT NULL REFERENCES digest ON DELETE CASCADE,
    delivery_id uuid NOT NULL REFERENCES delivery ON DELETE CASCADE,
    PRIMARY KEY (digest_id, delivery_id)
);
CREATE INDEX digest_item_delivery ON digest_item (delivery_id);
