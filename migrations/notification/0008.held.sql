-- depends: 0007.quiet_hours
-- transactional: false

-- What is held is released from here.
CREATE INDEX CONCURRENTLY IF NOT EXISTS delivery_held ON delivery (next_attempt_at) WHERE state = 'held';
