"""A new signing key by hand: announced before it signs, or, when the others were seen, at once and alone."""

from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from punctual.commands import rotate_keys
from punctual.domain.auth.keys import PUBLISHED_BEFORE
from tests.support.accounts import execute, rows

SOON = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def kept(environment: dict[str, str]) -> Iterator[list[str]]:
    """The ids of the keys that there are; they come back afterwards."""
    before = rows("SELECT * FROM signing_key ORDER BY signs_from")
    yield [str(row["id"]) for row in before]
    execute("DELETE FROM signing_key")
    for row in before:
        execute("INSERT INTO signing_key VALUES (%s, %s, %s, %s, %s)", list(row.values()))


def keys() -> dict[str, datetime]:
    return {str(row["id"]): row["signs_from"] for row in rows("SELECT id, signs_from FROM signing_key")}


def test_a_key_before_its_time_is_known_to_all_before_it_signs(
    kept: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert rotate_keys.run(Namespace(compromised=False)) == 0

    [(new, signs_from)] = [(key, at) for key, at in keys().items() if key not in kept]
    assert set(kept) < keys().keys()
    assert abs(signs_from - datetime.now(UTC) - PUBLISHED_BEFORE) < SOON
    assert f"Key {new} signs from" in capsys.readouterr().out


def test_a_key_that_was_seen_by_others_is_replaced_at_once(kept: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert rotate_keys.run(Namespace(compromised=True)) == 0

    [(new, signs_from)] = keys().items()
    assert new not in kept
    assert signs_from <= datetime.now(UTC)
    assert "Restart the gateway and the services now" in capsys.readouterr().out
