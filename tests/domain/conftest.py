"""Properties are not timed: a loaded machine proves nothing wrong."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
