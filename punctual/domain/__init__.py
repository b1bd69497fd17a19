"""The rules: dataclasses, transitions, permissions. Pure: the clock and ids are passed in."""
