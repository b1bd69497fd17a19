"""Real faults on real servers: what was accepted is there afterwards, once."""
