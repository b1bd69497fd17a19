"""`punctual migrate`."""
