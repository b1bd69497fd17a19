"""The archive: one zip file with a sealed dump of each database and a manifest of what must be in them.

Dumps are sealed for a key made for this archive alone (age, X25519); that key is sealed with the passphrase. So they
can be opened without Punctual, too: `age --decrypt key.age` gives the identity for the dumps.
"""

import contextlib
import hashlib
import os
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import pyrage

from punctual.commands.backup.errors import Failed
from punctual.kit import wire

FORMAT = 1
MANIFEST, KEY = "manifest.json", "key.age"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Database:
    """What one dump holds: the migrations, and the rows of each table; and its checksum and size as it is stored."""

    migrations: list[str]
    rows: dict[str, int]
    postgresql: str
    sha256: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds. `silent` names queues whose messages may be missing."""

    punctual: str
    taken_at: str
    silent: list[str]
    databases: dict[str, Database] = field(default_factory=dict)
    format: int = FORMAT


class Writer:
    """Writes beside the place and moves there at the end, so that half an archive is never taken for one."""

    def __init__(self, path: Path, passphrase: str) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name}.unfinished")
        identity = pyrage.x25519.Identity.generate()
        self._recipient = identity.to_public()
        try:
            if path.exists():
                raise Failed(f"{path} is there already; choose another name.")
            self._file = os.fdopen(os.open(self._draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b")
        except OSError as error:
            raise Failed(f"{path} can't be written: {error.strerror}. Choose another place.") from None
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED)
        self._zip.writestr(KEY, pyrage.passphrase.encrypt(str(identity).encode(), passphrase))

    def add(self, service: str, dump: Callable[[Callable[[IO[bytes]], None]], None]) -> tuple[str, int]:
        """Seal what `dump` hands over as a stream; its checksum and size."""
        with self._zip.open(_member(service), "w", force_zip64=True) as member:
            counting = _Counting(member)
            dump(lambda stream: pyrage.encrypt_io(stream, counting, [self._recipient]))
        return counting.sum.hexdigest(), counting.size

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and put the archive in its place."""
        self._zip.writestr(MANIFEST, wire.dumps(asdict(manifest)))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._draft.rename(self._path)

    def abandon(self) -> None:
        """Leave nothing behind."""
        with contextlib.suppress(ValueError, OSError):
            self._zip.close()
        self._file.close()
        self._draft.unlink(missing_ok=True)


class Reader:
    """An archive that was found whole, and the key to it. Raises Failed."""

    def __init__(self, path: Path, passphrase: str) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise Failed(f"There is no file {path}.") from None
        except (OSError, zipfile.BadZipFile) as error:
            raise _damaged(path, str(error)) from None
        self._path = path
        self.manifest = self._manifest()
        self._check_sums()
        try:
            sealed = pyrage.passphrase.decrypt(self._member(KEY), passphrase)
        except pyrage.DecryptError:
            raise Failed(f"The passphrase doesn't open {path}. Take the one that it was made with.") from None
        self._identity = pyrage.x25519.Identity.from_str(sealed.decode())

    def open(self, service: str, into: IO[bytes]) -> None:
        """Unseal one dump into a stream. Raises OSError when it is no longer taken there."""
        with self._zip.open(_member(service)) as member:
            pyrage.decrypt_io(member, into, [self._identity])

    def _manifest(self) -> Manifest:
        try:
            fields: dict[str, Any] = wire.loads(self._member(MANIFEST))
            if fields["format"] > FORMAT:
                made = f"{self._path} has format {fields['format']} of Punctual {fields['punctual']}"
                raise Failed(f"{made}; this program knows up to {FORMAT}. Install that version, or a newer one.")
            databases = {name: Database(**each) for name, each in fields.pop("databases").items()}
            return Manifest(**fields, databases=databases)
        except (ValueError, TypeError, KeyError) as error:
            raise _damaged(self._path, f"its manifest can't be read ({error})") from None

    def _check_sums(self) -> None:
        for service, known in self.manifest.databases.items():
            checksum = hashlib.sha256()
            try:
                with self._zip.open(_member(service)) as member:
                    while chunk := member.read(CHUNK):
                        checksum.update(chunk)
            except (KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
                raise _damaged(self._path, f"the dump of {service} can't be read ({error})") from None
            if checksum.hexdigest() != known.sha256:
                raise _damaged(self._path, f"the dump of {service} doesn't have its checksum")

    def _member(self, name: str) -> bytes:
        try:
            return self._zip.read(name)
        except (KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise _damaged(self._path, f"{name} can't be read ({error})") from None


class _Counting:
    """Passes on what is written, and sums it up."""

    def __init__(self, into: Any) -> None:
        self._into = into
        self.sum = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self.sum.update(data)
        self.size += len(data)
        return int(self._into.write(data))

    def flush(self) -> None:
        self._into.flush()


def _member(service: str) -> str:
    return f"{service}.dump.age"


def _damaged(path: Path, reason: str) -> Failed:
    return Failed(f"{path} is damaged or no backup: {reason}. Take another copy of it.")
