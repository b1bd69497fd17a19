-- depends: 0001.plumbing
CREATE TABLE project (
    id              uuid PRIMARY KEY,
    key             text NOT NULL CHECK (key ~ '^[A-Z][A-Z0-9]{1,9}$'),
    name            text NOT NULL,
    description     text NOT NULL,
    archived        boolean NOT NULL DEFAULT false,
    version         integer NOT NULL,
    members_version integer NOT NULL DEFAULT 0,
    created_by      uuid NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    deleted_at      timestamptz
);
-- A deleted project gives its key free.
CREATE UNIQUE INDEX project_key ON project (key) WHERE deleted_at IS NULL;

CREATE TABLE member (
    project_id uuid NOT NULL REFERENCES project,
    user_id    uuid NOT NULL,
    role       text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'commenter', 'viewer')),
    added_at   timestamptz NOT NULL,
    PRIMARY KEY (project_id, user_id)
);
CREATE INDEX member_user ON member (user_id);

CREATE TABLE invitation (
    id          uuid PRIMARY KEY,
    project_id  uuid NOT NULL REFERENCES project,
    email       text NOT NULL,
    role        text NOT NULL CHECK (role IN ('admin', 'member', 'commenter', 'viewer')),
    token_hash  text NOT NULL CONSTRAINT invitation_token UNIQUE,
    invited_by  uuid NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    accepted_by uuid,
    accepted_at timestamptz
);
CREATE INDEX invitation_project ON invitation (project_id);

-- Replica of people, fed from the user service's events.
CREATE TABLE person (
    user_id      uuid PRIMARY KEY,
    email        text NOT NULL,
    display_name text NOT NULL,
    active       boolean NOT NULL,
    version      integer NOT NULL
);
CREATE INDEX person_email ON person (email);
