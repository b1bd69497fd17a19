-- depends: 0001.plumbing

-- Replicas, fed from events: projects, who is in them, people.
CREATE TABLE project (
    id          uuid PRIMARY KEY,
    key         text NOT NULL,
    name        text NOT NULL,
    archived    boolean NOT NULL,
    deleted     boolean NOT NULL,
    version     integer NOT NULL,
    last_number integer NOT NULL DEFAULT 0  -- ours: the counter of task numbers
) WITH (fillfactor = 50);
CREATE INDEX project_key ON project (key) WHERE NOT deleted;

CREATE TABLE member (
    project_id uuid NOT NULL,
    user_id    uuid NOT NULL,
    role       text,  -- null: was removed; the row stays so that an older event can't bring it back
    version    integer NOT NULL,
    PRIMARY KEY (project_id, user_id)
);
CREATE INDEX member_user ON member (user_id);

CREATE TABLE person (
    user_id      uuid PRIMARY KEY,
    email        text NOT NULL,
    display_name text NOT NULL,
    time_zone    text NOT NULL,
    active       boolean NOT NULL,
    version      integer NOT NULL
);

CREATE TYPE category AS ENUM ('backlog', 'todo', 'in_progress', 'done', 'cancelled');
CREATE TYPE priority AS ENUM ('none', 'low', 'medium', 'high', 'urgent');

CREATE TABLE status (
    id         uuid PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES project,
    name       text NOT NULL,
    category   category NOT NULL,
    position   integer NOT NULL,
    is_default boolean NOT NULL,
    version    integer NOT NULL DEFAULT 1,
    CONSTRAINT status_name UNIQUE (project_id, name)
);
CREATE UNIQUE INDEX status_default ON status (project_id) WHERE is_default;

CREATE TABLE task (
    id           uuid PRIMARY KEY,
    project_id   uuid NOT NULL REFERENCES project,
    number       integer NOT NULL,
    title        text NOT NULL,
    description  text NOT NULL,
    status_id    uuid NOT NULL REFERENCES status,
    priority     priority NOT NULL,
    due_date     date,
    due_at       timestamptz,
    due_version  integer NOT NULL,
    assignees    uuid[] NOT NULL,
    watchers     uuid[] NOT NULL,
    created_by   uuid NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    completed_at timestamptz,
    deleted_at   timestamptz,
    version      integer NOT NULL,
    due_order    timestamptz NOT NULL GENERATED ALWAYS AS (
        coalesce(due_at, (due_date + 1)::timestamp AT TIME ZONE 'UTC', 'infinity'::timestamptz)) STORED,
    CONSTRAINT task_number UNIQUE (project_id, number),
    CHECK (due_date IS NULL OR due_at IS NULL)
);
CREATE INDEX task_of_project ON task (project_id, id) WHERE deleted_at IS NULL;
CREATE INDEX task_of_status ON task (project_id, status_id, id) WHERE deleted_at IS NULL;
CREATE INDEX task_by_due ON task (project_id, due_order, id) WHERE deleted_at IS NULL;
CREATE INDEX task_assignees ON task USING gin (assignees) WHERE deleted_at IS NULL;
CREATE INDEX task_words ON task USING gin (to_tsvector('simple', title || ' ' || left(description, 20000)))
    WHERE deleted_at IS NULL;

CREATE TABLE comment (
    id         uuid PRIMARY KEY,
    task_id    uuid NOT NULL REFERENCES task,
    author_id  uuid NOT NULL,
    text       text NOT NULL,
    mentions   uuid[] NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    version    integer NOT NULL DEFAULT 1
);
CREATE INDEX comment_task ON comment (task_id, id);

-- What happened to a task: its events, as they were published.
CREATE TABLE history (
    id          uuid PRIMARY KEY,
    task_id     uuid NOT NULL,
    name        text NOT NULL,
    caller_id   uuid,
    occurred_at timestamptz NOT NULL,
    changes     jsonb NOT NULL
);
CREATE INDEX history_task ON history (task_id, id);
