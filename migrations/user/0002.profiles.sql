-- depends: 0001.plumbing
CREATE TABLE profile (
    id           uuid PRIMARY KEY,
    email        text NOT NULL,
    display_name text NOT NULL,
    time_zone    text NOT NULL,
    locale       text NOT NULL,
    role         text NOT NULL CHECK (role IN ('admin', 'user')),
    active       boolean NOT NULL,
    created_at   timestamptz NOT NULL,
    version      integer NOT NULL
);
CREATE INDEX profile_name ON profile (lower(display_name), id);
-- Whoever changes a role or deactivates somebody looks at all administrators.
CREATE INDEX profile_admin ON profile (id) WHERE role = 'admin' AND active;
