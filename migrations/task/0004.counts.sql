-- depends: 0003.reminders

-- Counting what is open and what is overdue needs the index alone.
-- Before the first release: nobody's table is large yet.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX task_of_status;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX task_of_status ON task (project_id, status_id, id) INCLUDE (due_order, due_date) WHERE deleted_at IS NULL;
