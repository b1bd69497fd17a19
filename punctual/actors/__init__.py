"""The only place where state changes: an actor opens nothing by hand, it is given its transaction."""
