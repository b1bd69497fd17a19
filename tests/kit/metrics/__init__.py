"""Metrics of one process."""
