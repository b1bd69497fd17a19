"""Accounts, sessions, secrets by e-mail, guessing and signing keys: the rules, pure."""
