"""Notifications as their readers may see them, and deliveries as an administrator may."""
