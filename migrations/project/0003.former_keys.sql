-- depends: 0002.projects

-- What a project was called before; nobody else may take it while the project lives. Whoever takes or gives up a key
-- writes it here first, so that of two who want one the second waits, and finds it taken. The project of a key that is
-- only just being taken isn't there yet: the reference is checked at the end.
CREATE TABLE former_key (
    key        text PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES project DEFERRABLE INITIALLY DEFERRED,
    retired_at timestamptz NOT NULL
);
CREATE INDEX former_key_project ON former_key (project_id);
