"""What keeps a backup or a restore from being made."""


class Failed(Exception):
    """It can't be done, or was broken off; the text says why and the way out."""
