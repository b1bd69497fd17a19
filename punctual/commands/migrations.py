"""Which migrations this program knows, and how a database stands to them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from punctual.commands.connections import rows

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


class Outdated(Exception):
    """A database lacks migrations that this program needs; the text names them and the way out."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a database lacks, and what it has that this program doesn't know."""

    service: str
    missing: list[str]
    unknown: list[str]

    def demand(self) -> None:
        """Raises Outdated unless everything that this program needs is there."""
        if self.missing:
            lacks = f"the database of {self.service} lacks {', '.join(self.missing)}"
            raise Outdated(f"{lacks}; run: punctual migrate {self.service}")


def folders(service: str) -> tuple[str, str]:
    """Where the migrations of a service's database lie."""
    return str(MIGRATIONS / "common"), str(MIGRATIONS / service)


def known(service: str) -> list[str]:
    """The ids of the migrations of a service, in the order of their names."""
    return sorted(path.stem for folder in folders(service) for path in Path(folder).glob("*.sql"))


def standing(service: str, connection: Any) -> Standing:
    """How a database stands, found without changing it."""
    stands = rows(connection, "SELECT to_regclass('_yoyo_migration') IS NOT NULL")[0][0]
    applied = {row[0] for row in rows(connection, "SELECT migration_id FROM _yoyo_migration")} if stands else set()
    return compare(service, applied)


def compare(service: str, applied: set[str]) -> Standing:
    """How a database with these migrations stands."""
    wanted = known(service)
    return Standing(service, [name for name in wanted if name not in applied], sorted(applied - set(wanted)))
