-- depends: 0002.notifications

-- What was told of one task, and what became of it.
-- Before the first release: nobody's table is large yet.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX notification_task ON notification (task_id, user_id) WHERE task_id IS NOT NULL;
