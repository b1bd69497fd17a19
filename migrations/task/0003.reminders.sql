-- depends: 0002.tasks

-- A person's own rules, everywhere or for one task; without a row the defaults hold.
CREATE TABLE reminder_rules (
    user_id uuid PRIMARY KEY,
    rules   text[] NOT NULL
);

CREATE TABLE task_reminder_rules (
    task_id uuid NOT NULL REFERENCES task,
    user_id uuid NOT NULL,
    rules   text[] NOT NULL,
    PRIMARY KEY (task_id, user_id)
);

CREATE TYPE reminder_state AS ENUM ('scheduled', 'claimed', 'fired', 'cancelled', 'superseded', 'expired');

-- The ledger: one row per promise.
CREATE TABLE reminder (
    id          uuid PRIMARY KEY,
    task_id     uuid NOT NULL REFERENCES task,
    user_id     uuid NOT NULL,
    rule        text NOT NULL,
    due_version integer NOT NULL,
    occurrence  integer NOT NULL,
    fire_at     timestamptz NOT NULL,
    state       reminder_state NOT NULL,
    reason      text,
    settled_at  timestamptz,
    CONSTRAINT reminder_promise UNIQUE (task_id, user_id, rule, due_version, occurrence)
);
CREATE INDEX reminder_due ON reminder (fire_at) WHERE state = 'scheduled';
CREATE INDEX reminder_of_person ON reminder (user_id, task_id) WHERE state = 'scheduled';
