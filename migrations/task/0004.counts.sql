-- depends: 0003.reminders

-- Counting what is open and what is overdue needs the index alone.
DROP INDEX task_of_status;
CREATE INDEX task_of_status ON task (project_id, status_id, id) INCLUDE (due_order, due_date) WHERE deleted_at IS NULL;
