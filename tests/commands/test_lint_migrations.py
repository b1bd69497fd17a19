"""What the check of migrations lets through, and what it doesn't."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DANGEROUS = {
    "a column goes": "ALTER TABLE task DROP COLUMN title;",
    "a table goes": "DROP TABLE comment;",
    "a column has another name": "ALTER TABLE task RENAME COLUMN title TO name;",
    "a table has another name": "ALTER TABLE task RENAME TO item;",
    "a column has another type": "ALTER TABLE task ALTER COLUMN number TYPE bigint;",
    "a column is demanded of old programs": "ALTER TABLE task ADD COLUMN colour text NOT NULL;",
    "a column must suddenly be there": "ALTER TABLE task ALTER COLUMN due_at SET NOT NULL;",
    "an index holds up writes": "CREATE INDEX task_title ON task (title);",
    "a constraint is checked under a lock": "ALTER TABLE task ADD CONSTRAINT short CHECK (length(title) < 9);",
}


def lint(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "lint-migrations", path], capture_output=True, text=True, check=False
    )


def test_our_migrations_can_run_beside_the_version_before_them() -> None:
    command = [sys.executable, ROOT / "scripts" / "lint-migrations"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)

    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("statement", DANGEROUS.values(), ids=DANGEROUS)
def test_what_breaks_or_holds_up_a_running_program_is_refused(tmp_path: Path, statement: str) -> None:
    migration = tmp_path / "0099.dangerous.sql"
    migration.write_text(f"-- depends: 0001.plumbing\n{statement}\n")

    assert lint(migration).returncode == 1


def test_what_is_only_added_passes(tmp_path: Path) -> None:
    migration = tmp_path / "0099.added.sql"
    migration.write_text(
        "-- depends: 0001.plumbing\nALTER TABLE task ADD COLUMN colour text;\n"
        "ALTER TABLE task ADD COLUMN votes integer NOT NULL DEFAULT 0;\n"
        "CREATE TABLE label (id uuid PRIMARY KEY);\nCREATE INDEX label_id ON label (id);\n"
    )

    answer = lint(migration)

    assert answer.returncode == 0, answer.stdout


def test_an_index_is_made_beside_the_writes_outside_a_transaction_only(tmp_path: Path) -> None:
    statement = "CREATE INDEX CONCURRENTLY IF NOT EXISTS task_title ON task (title);\n"
    inside, outside = tmp_path / "0098.inside.sql", tmp_path / "0099.outside.sql"
    inside.write_text(statement)
    outside.write_text(f"-- transactional: false\n{statement}")

    assert "transactional: false" in lint(inside).stdout
    assert lint(outside).returncode == 0


def test_an_exception_must_be_written_down(tmp_path: Path) -> None:
    migration = tmp_path / "0099.contract.sql"
    migration.write_text(
        "-- Nothing reads it.\n-- squawk-ignore ban-drop-column\nALTER TABLE task DROP COLUMN title;\n"
    )

    assert lint(migration).returncode == 0
