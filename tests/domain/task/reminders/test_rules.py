"""Rules: how they are written, which are refused, when they fire, whose are in force."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from punctual.domain.task.due import Due
from punctual.domain.task.reminders import (
    DEFAULT_RULES,
    Kind,
    Rule,
    parse_rule,
    parse_rules,
    rules_in_force,
)
from punctual.domain.task.zones import zone_named
from punctual.kit.errors import Invalid
from tests.domain.task import strategies as some


def fires_at(rule: str, due: str, zone: str) -> str:
    instant = parse_rule(rule).fires_at(Due.parse(due), zone_named(zone))
    return instant.astimezone(zone_named(zone)).isoformat()


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("-P1D", "-P1D"),
        ("+P1D", "P1D"),
        ("P2W", "P14D"),
        ("-P1W1D", "-P8D"),
        ("-PT60M", "-PT1H"),
        ("-PT90M", "-PT1H30M"),
        ("-PT24H", "-PT24H"),
        ("-P1DT2H", "-P1DT2H"),
        ("P365D", "P365D"),
        ("-PT0S", "PT0S"),
        ("P0D", "PT0S"),
        ("PT5M0S", "PT5M"),
    ],
)
def test_equal_offsets_have_one_spelling(text: str, wire: str) -> None:
    assert str(parse_rule(text)) == wire
    assert parse_rule(text) == parse_rule(wire)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1DT",
        "1D",
        "-1d",
        "P1M",
        "P1Y",
        "PT30S",
        "P1.5D",
        "--P1D",
        "P-1D",
        "p1d",
        "P1D\n",
        "P१D",
        "x" * 999,
    ],
)
def test_what_is_no_duration_of_whole_minutes_is_refused_with_examples(text: str) -> None:
    with pytest.raises(Invalid, match=r"is not a reminder rule: .* such as -P1D") as caught:
        parse_rule(text)

    assert caught.value.field == "rules"
    assert len(caught.value.detail) < 300


@pytest.mark.parametrize("text", ["P366D", "-P366D", "P365DT1M", "PT999999H", "P999999W999999DT999999H999999M"])
def test_a_rule_over_a_year_away_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="at most 365 days"):
        parse_rule(text)


@given(some.rules)
def test_a_rule_survives_the_wire(rule: Rule) -> None:
    again = parse_rule(rule.wire)

    assert (again.wire, again.days, again.lapse) == (rule.wire, rule.days, rule.lapse)


@given(st.text() | st.from_regex(r"[+-]?P[0-9WDTHMS]{0,12}", fullmatch=True))
def test_every_text_is_a_rule_or_a_broken_one(text: str) -> None:
    with suppress(Invalid):
        rule = parse_rule(text)

        assert parse_rule(str(rule)) == rule


def test_a_set_is_in_the_order_in_which_it_fires() -> None:
    rules = parse_rules(["P1D", "PT0S", "-PT1H", "-P2D", "-PT24H"])

    assert [str(rule) for rule in rules] == ["-P2D", "-PT24H", "-PT1H", "PT0S", "P1D"]


def test_an_empty_set_means_no_reminders() -> None:
    assert parse_rules([]) == ()


def test_a_rule_given_twice_is_refused_also_in_another_spelling() -> None:
    with pytest.raises(Invalid, match=r"-PT1H is given twice"):
        parse_rules(["-PT60M", "P1D", "-PT1H"])


def test_the_kind_is_before_at_or_overdue() -> None:
    kinds = [rule.kind for rule in DEFAULT_RULES]

    assert kinds == [Kind.DUE_SOON, Kind.DUE_SOON, Kind.DUE, *[Kind.OVERDUE] * 4]


def test_a_day_before_an_instant_is_the_same_wall_time_across_a_clock_change() -> None:
    assert fires_at("-P1D", "2026-03-29T07:00:00Z", "Europe/Berlin") == "2026-03-28T09:00:00+01:00"
    assert fires_at("-PT24H", "2026-03-29T07:00:00Z", "Europe/Berlin") == "2026-03-28T08:00:00+01:00"
    assert fires_at("P1D", "2026-10-24T07:00:00Z", "Europe/Berlin") == "2026-10-25T09:00:00+01:00"


def test_days_before_and_after_a_date_are_ends_of_days() -> None:
    assert fires_at("-P1D", "2028-03-01", "Asia/Kathmandu") == "2028-03-01T00:00:00+05:45"
    assert fires_at("PT0S", "2028-02-29", "Asia/Kathmandu") == "2028-03-01T00:00:00+05:45"
    assert fires_at("P1D", "2028-02-28", "Asia/Kathmandu") == "2028-03-01T00:00:00+05:45"


def test_hours_before_a_date_count_from_its_end() -> None:
    assert fires_at("-PT1H", "2026-12-24", "Pacific/Pago_Pago") == "2026-12-24T23:00:00-11:00"
    assert fires_at("-PT3H", "2026-10-24", "Australia/Lord_Howe") == "2026-10-24T21:00:00+11:00"


def test_an_hour_before_a_date_whose_last_hour_is_doubled_is_an_hour_before_its_end() -> None:
    assert fires_at("-PT1H", "2018-02-17", "America/Sao_Paulo") == "2018-02-17T23:00:00-03:00"


def test_days_and_hours_together_are_days_first() -> None:
    assert fires_at("-P1DT2H", "2026-03-29T07:00:00Z", "Europe/Berlin") == "2026-03-28T07:00:00+01:00"


@given(some.dues, some.rules, some.zones)
def test_a_rule_never_fires_on_the_wrong_side_of_the_deadline(due: Due, rule: Rule, zone: ZoneInfo) -> None:
    fires_at, end = rule.fires_at(due, zone), due.ends_at(zone)

    assert fires_at.tzinfo is UTC
    if rule.kind is Kind.DUE_SOON:
        assert fires_at <= end
    elif rule.kind is Kind.DUE:
        assert fires_at == end
    else:
        assert fires_at >= end


def test_a_reminder_beyond_the_calendar_is_as_late_as_can_be() -> None:
    last = Due.parse("9998-12-31")

    assert parse_rule("P365D").fires_at(last, zone_named("UTC")) == datetime(9999, 12, 31, tzinfo=UTC)


OF_TASK, OF_PERSON = parse_rules(["-PT5M"]), parse_rules(["-P2D"])


def test_an_assignee_has_the_rules_of_the_task_before_their_own_before_the_defaults() -> None:
    def chosen(of_task: tuple[Rule, ...] | None, of_person: tuple[Rule, ...] | None) -> tuple[Rule, ...]:
        return rules_in_force(assigned=True, watching=False, of_task=of_task, of_person=of_person)

    assert chosen(OF_TASK, OF_PERSON) == OF_TASK
    assert chosen(None, OF_PERSON) == OF_PERSON
    assert chosen(None, None) == DEFAULT_RULES


def test_no_rules_chosen_on_purpose_are_none() -> None:
    assert rules_in_force(assigned=True, watching=False, of_task=(), of_person=OF_PERSON) == ()
    assert rules_in_force(assigned=True, watching=False, of_task=None, of_person=()) == ()


def test_a_watcher_is_reminded_only_by_rules_for_the_task() -> None:
    assert rules_in_force(assigned=False, watching=True, of_task=None, of_person=OF_PERSON) == ()
    assert rules_in_force(assigned=False, watching=True, of_task=OF_TASK, of_person=None) == OF_TASK


def test_someone_not_concerned_is_not_reminded() -> None:
    assert rules_in_force(assigned=False, watching=False, of_task=OF_TASK, of_person=OF_PERSON) == ()
