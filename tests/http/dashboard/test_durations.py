"""Reminder rules in plain words."""

import pytest

from punctual.http.dashboard.devices import name_of
from punctual.http.dashboard.durations import choices, rule_of, words
from punctual.http.dashboard.templating import keys


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("-P1D", "1 day before the deadline"),
        ("-PT1H", "1 hour before the deadline"),
        ("PT0S", "at the deadline"),
        ("P14D", "14 days after it, if still open"),
        ("-P1DT2H30M", "1 day, 2 hours and 30 minutes before the deadline"),
        ("-P1W", "1 week before the deadline"),
        ("PT1H30M", "1 hour and 30 minutes after it, if still open"),
        ("P1Y", "P1Y"),
    ],
)
def test_a_rule_is_said_in_words(rule: str, said: str):
    assert words(rule) == said


@pytest.mark.parametrize(
    ("amount", "unit", "side", "rule"),
    [
        ("2", "days", "before", "-P2D"),
        (" 30 ", "minutes", "after", "PT30M"),
        ("1", "weeks", "before", "-P1W"),
        ("", "days", "at", "PT0S"),
        ("٣", "days", "before", None),
        ("3", "years", "before", None),
        ("3", "days", "beside", None),
    ],
)
def test_what_was_chosen_becomes_a_rule(amount: str, unit: str, side: str, rule: str | None):
    assert rule_of(amount, unit, side) == rule


def test_rules_to_choose_from_stand_in_the_order_in_which_they_come():
    assert [rule for rule, _ in choices(["PT30M", "-P1W", "-P1D"])] == [
        "-P1W", "-P1D", "-PT1H", "PT0S", "PT30M", "P1D", "P3D", "P7D", "P14D",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17.5 Mobile Safari/604",
            "Safari on iPhone",
        ),
        ("curl/8.5.0", "curl"),
        ("our-importer/2 (cron)", "our-importer"),
        ("", "An unknown program"),
    ],
)
def test_a_device_has_a_name(agent: str, name: str):
    assert name_of(agent) == name


def test_a_key_never_breaks_at_its_hyphen_and_what_is_around_it_stays_text():
    assert keys("<b> did OPS-12.") == '&lt;b&gt; did <span class="nowrap">OPS-12</span>.'
