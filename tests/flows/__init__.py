"""Whole stories through the gateway, with the real processes."""
