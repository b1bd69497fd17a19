"""auth_db on the write side.

Whatever must not happen while an account changes locks the account's row first, before sessions and letters.
"""
