"""Traces in one process."""
