"""Which migrations a database lacks, found without changing it."""

import logging
from typing import Any

import yoyo

from punctual.commands.connections import rows
from punctual.commands.migrate import MIGRATIONS


def lacking(service: str, connection: Any) -> tuple[list[str], list[str]]:
    """The ids that are not applied, and those applied that this program doesn't know."""
    logging.getLogger("yoyo").setLevel(logging.WARNING)
    known = [item.id for item in yoyo.read_migrations(str(MIGRATIONS / "common"), str(MIGRATIONS / service))]
    stands = rows(connection, "SELECT to_regclass('_yoyo_migration') IS NOT NULL")[0][0]
    applied = {row[0] for row in rows(connection, "SELECT migration_id FROM _yoyo_migration")} if stands else set()
    return [name for name in known if name not in applied], sorted(applied - set(known))
