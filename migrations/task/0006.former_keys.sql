-- depends: 0005.words

-- Replica of what projects were called before. Two may have had one key, as long as the end of the older one hasn't been
-- heard of.
CREATE TABLE former_key (
    key        text NOT NULL,
    project_id uuid NOT NULL REFERENCES project,
    PRIMARY KEY (key, project_id)
);
CREATE INDEX former_key_project ON former_key (project_id);
