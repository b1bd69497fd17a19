"""No text breaks a parser: it is taken for what it says, or refused with the rule's own error."""

import base64
import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from punctual.domain.task.due import Due
from punctual.domain.task.mentions import MOST_MENTIONS, Member, handles, mentioned
from punctual.domain.task.reminders import parse_rule, parse_rules
from punctual.kit.pagination import page
from punctual.kit.reading import load
from punctual.schemas import task as schemas
from punctual.schemas.fields import PAGE_MAX, PageQuery
from punctual.schemas.task import details, reminders
from tests.fuzz.paging import LISTS, Listed, every_order
from tests.fuzz.texts import attempt, json_values, takes, text

MEMBERS = [
    Member(UUID(int=1), "ana@example.org", "Ana Álvarez"),
    Member(UUID(int=2), "ben@example.org", "Ben"),
    Member(UUID(int=3), "ben@example.com", "Ben Ito"),
    Member(UUID(int=4), "李@example.org", "李 小龍"),
]
offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(1970, 1, 3), datetime(9998, 12, 29), timezones=offsets)  # noqa: DTZ001
said = st.sampled_from(["@", "ana", "Ben", "ben@example.org", ".", " ", "李", "\n", "-", "é"])


@given(text | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9:.]{5,12}([zZ]|[+-][0-9:]{4,5})?)?"))
def test_a_deadline_reads_back_as_itself(tried: str) -> None:
    due, error = attempt(Due.parse, tried)

    assert error is None or error.field == "due"
    assert due is None or (Due.parse(str(due)) == due and takes(schemas.Due(), str(due)))


@given(instants)
def test_every_instant_of_rfc_3339_is_a_deadline(instant: datetime) -> None:
    assert Due.parse(instant.isoformat()).when == instant.astimezone(UTC).replace(microsecond=0)


@given(st.dates(date(1970, 1, 1), date(9998, 12, 31)))
def test_every_date_is_a_deadline(day: date) -> None:
    assert Due.parse(day.isoformat()).when == day


@given(text | st.from_regex(r"[+-]?P([0-9]{1,3}[WD]){0,2}(T([0-9]{1,4}[HM]){0,2}(0S)?)?", fullmatch=True))
def test_a_rule_reads_back_as_itself(tried: str) -> None:
    rule, error = attempt(parse_rule, tried)

    assert error is None or error.field == "rules"
    assert rule is None or (parse_rule(rule.wire) == rule and re.fullmatch(reminders._DURATION, tried))


@given(st.lists(st.sampled_from(["-P1D", "P1D", "+P1D", "-PT24H", "PT0S", "-PT0M", "-P1W", "-P7D"]), max_size=25))
def test_a_set_of_rules_has_each_once(tried: list[str]) -> None:
    rules, error = attempt(parse_rules, tried)

    assert error is None or error.field == "rules"
    assert rules is None or len(rules) == len(set(rules)) == len(tried)


@given(text | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_text_is_taken_for_a_cursor_by_accident(tried: str) -> None:
    for listed in LISTS:
        for sort in listed.sorts:
            _, error = attempt(page, {"sort": sort.name, "cursor": tried or "x"}, listed.sorts)
            assert error
            assert error.code == "invalid_cursor"


@given(st.sampled_from(every_order()), st.lists(json_values, max_size=4))
def test_a_made_up_cursor_is_refused_unless_each_value_is_of_its_kind(which: Any, values: list[Any]) -> None:
    listed, sort = which
    cursor = base64.urlsafe_b64encode(json.dumps([sort.name, *values]).encode()).decode().rstrip("=")
    wanted, error = attempt(page, {"sort": sort.name, "cursor": cursor}, listed.sorts)

    kinds = {"uuid": UUID, "timestamptz": (datetime, str), "bigint": int, "text": str, "priority": str}
    assert error is None or error.code == "invalid_cursor"
    assert wanted is None or all(
        isinstance(value, kinds[kind]) for value, (_, kind) in zip(wanted.after or (), sort.columns, strict=True)
    )


@given(text | st.from_regex(r"-?[0-9]{1,12}", fullmatch=True))
def test_a_limit_is_digits_within_the_range(tried: str) -> None:
    written = re.fullmatch("-?[0-9]{1,9}", tried)

    assert takes(PageQuery().fields["limit"], tried) == bool(written and 1 <= int(tried) <= PAGE_MAX)


@given(text, st.sampled_from(LISTS))
def test_an_order_is_one_of_the_lists_own(tried: str, listed: Listed) -> None:
    wanted, error = attempt(page, {"sort": tried}, listed.sorts)
    names = [sort.name for sort in listed.sorts]

    assert wanted.sort.name == (tried or names[0]) if wanted else error and error.field == "sort" and tried not in names


@given(st.dictionaries(st.sampled_from(sorted(schemas.TaskQuery().fields)), text, min_size=1))
def test_filters_are_loaded_or_each_fault_is_named(tried: dict[str, str]) -> None:
    checks = {"due_before": Due.parse, "due_after": Due.parse}
    loaded, error = attempt(load, schemas.TaskQuery(), tried, checks)

    assert loaded is not None or (error and error.extra["errors"].keys() <= tried.keys())


@given(st.lists(said).map("".join) | text)
def test_mentions_are_members_each_once(tried: str) -> None:
    meant = mentioned(tried, MEMBERS)

    assert len(meant) == len(set(meant))
    assert set(meant) <= {member.user_id for member in MEMBERS}
    assert len(handles(tried)) <= MOST_MENTIONS


@pytest.mark.parametrize("piece", ["@", "@a", "a@", "@a.", "@a@", "@-", ".@"])
def test_mentions_are_found_in_a_moment_in_the_longest_comment(piece: str) -> None:
    longest = (piece * details.COMMENT_MAX)[: details.COMMENT_MAX]

    assert len(handles(longest)) <= MOST_MENTIONS
