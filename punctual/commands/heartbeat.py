"""A sign of life for whoever watches a process that answers no HTTP: a file, touched while its loop turns."""

from pathlib import Path

from punctual.kit.settings import SettingsError

SECONDS = 5.0


class Heartbeat:
    """Touches the file of PUNCTUAL_HEARTBEAT_FILE; without one it does nothing, and seldom."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self.pause = None if file is None else SECONDS

    def beat(self) -> None:
        """Say that all is well now. Raises SettingsError."""
        if self._file is None:
            return
        try:
            self._file.touch()
        except OSError as error:
            raise SettingsError(
                f"PUNCTUAL_HEARTBEAT_FILE names {self._file}, which can't be written ({error.strerror}). "
                "Name a file in a folder that this process may write to, or unset it."
            ) from None
