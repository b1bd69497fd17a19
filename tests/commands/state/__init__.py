"""The state of the whole."""
