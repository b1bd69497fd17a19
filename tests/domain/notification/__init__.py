"""Tests of the notification service in this room."""
