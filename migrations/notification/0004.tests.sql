-- depends: 0003.task

-- When a mail worker last took it.
ALTER TABLE delivery ADD attempted_at timestamptz;
ALTER TABLE secret_mail ADD attempted_at timestamptz;

-- Notifications that people sent themselves to see whether they arrive; the id is the event's.
CREATE TABLE notification_test (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX notification_test_of_person ON notification_test (user_id, created_at);
