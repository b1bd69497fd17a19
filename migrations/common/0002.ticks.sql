-- depends: 0001.plumbing

-- When a job of the scheduler was last carried out by a worker.
CREATE TABLE tick (
    job    text PRIMARY KEY,
    ran_at timestamptz NOT NULL
);
