"""Tests of the rules of tasks."""
