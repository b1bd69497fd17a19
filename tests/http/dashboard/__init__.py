"""The dashboard before the real services."""
