"""Tests of the rules of reminders."""
