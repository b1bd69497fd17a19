"""Punctual: task and project management whose deadlines are never forgotten and never told twice."""

__version__ = "0.1.0"
