"""Tests of the task service in this room."""
