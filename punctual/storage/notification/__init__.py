"""Replicas, notifications, deliveries, secret mails and preferences in notification_db."""
