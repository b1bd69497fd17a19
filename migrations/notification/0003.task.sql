-- depends: 0002.notifications

-- What was told of one task, and what became of it.
CREATE INDEX notification_task ON notification (task_id, user_id) WHERE task_id IS NOT NULL;
