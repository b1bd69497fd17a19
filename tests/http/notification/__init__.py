"""Tests of the notification service over HTTP."""
