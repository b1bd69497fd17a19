-- depends: 0004.counts

-- What stands in angle brackets would be taken for a tag, and left out: people look for it, too.
DROP INDEX task_words;
CREATE INDEX task_words ON task
    USING gin (to_tsvector('simple', translate(title || ' ' || left(description, 20000), '<>', '  ')))
    WHERE deleted_at IS NULL;
