"""Whether anybody gets in, or sees, what isn't theirs: against the real processes, from outside."""
