"""Deadlines and spans of time in words."""

import pytest

from punctual.domain.notification import duration, moment


@pytest.mark.parametrize(
    ("due", "zone", "words"),
    [
        ("2026-12-24", "Pacific/Kiritimati", "Thu 24 Dec 2026"),
        ("2026-12-24", "Pacific/Pago_Pago", "Thu 24 Dec 2026"),
        ("2026-12-24T23:30:00Z", "Europe/Berlin", "Fri 25 Dec 2026, 00:30"),
        ("2026-07-01T12:00:00Z", "Europe/Berlin", "Wed 1 Jul 2026, 14:00"),
        ("2028-02-29T09:05:00Z", "Asia/Kathmandu", "Tue 29 Feb 2028, 14:50"),
    ],
)
def test_a_date_stays_a_date_and_an_instant_gets_the_readers_clock(due: str, zone: str, words: str) -> None:
    assert moment(due, zone) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a minute"),
        (59, "less than a minute"),
        (840, "14 min"),
        (3_600, "1 h"),
        (7_500, "2 h 5 min"),
        (86_400 * 3 + 3_600 * 4 + 60, "3 d 4 h"),
        (86_400 + 60, "1 d 1 min"),
    ],
)
def test_a_span_shows_its_two_largest_units(seconds: int, words: str) -> None:
    assert duration(seconds) == words
