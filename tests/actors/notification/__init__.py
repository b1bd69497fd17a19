"""Tests of the notification service at work."""
