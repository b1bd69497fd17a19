"""Programs and databases of tomorrow."""

import pytest

from punctual import queries
from punctual.commands import migrations
from tests.commands.migrate.database import INDEX, TOMORROW, execute, owner


@pytest.fixture
def tomorrow(monkeypatch, tmp_path):
    """This program has one migration more."""
    for folder in ("common", "task"):
        (tmp_path / folder).mkdir()
        for path in (migrations.MIGRATIONS / folder).iterdir():
            (tmp_path / folder / path.name).symlink_to(path)
    (tmp_path / "task" / "0099.tomorrow.sql").write_text(TOMORROW)
    monkeypatch.setattr(migrations, "MIGRATIONS", tmp_path)


@pytest.fixture
def tomorrow_s_index(tomorrow):
    """The migration that this program has more makes an index beside those who write."""
    path = migrations.MIGRATIONS / "task" / "0099.tomorrow.sql"
    path.write_text(f"-- depends: 0001.plumbing\n-- transactional: false\n{INDEX}\n")


@pytest.fixture(autouse=True)
async def reads():
    """Connections of this test's own event loop."""
    yield
    await queries.close("task")


@pytest.fixture
def newer(environment):
    """The database has one migration more."""
    with owner(environment) as connection:
        execute(
            connection,
            "insert into _yoyo_migration (migration_hash, migration_id, applied_at_utc)"
            " values ('0099', '0099.tomorrow', now())",
        )
        yield connection
        execute(connection, "delete from _yoyo_migration where migration_id = '0099.tomorrow'")
