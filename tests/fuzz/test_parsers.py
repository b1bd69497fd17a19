"""No text breaks a parser: it is taken for what it says, or refused with the rule's own error."""

import base64
import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given, strategies as st

from punctual.domain.task.due import Due
from punctual.domain.task.mentions import MOST_MENTIONS, Member, handles, mentioned
from punctual.domain.task.reminders import parse_rule, parse_rules
from punctual.kit.dispatch import MAX_WAIT_SECONDS, check_headers, if_match, preferred_wait
from punctual.kit.openapi.components import HEADERS
from punctual.kit.pagination import page
from punctual.schemas import task as schemas
from tests.fuzz.paging import LISTS, every_order
from tests.fuzz.texts import attempt, headers, json_values, takes, text

IF_MATCH, KEY = (HEADERS[name]["schema"]["pattern"] for name in ("IfMatch", "IdempotencyKey"))
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
    assert rule is None or (parse_rule(rule.wire) == rule and re.fullmatch(schemas._DURATION, tried))


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


@given(headers | st.from_regex(r"(respond-async|wait=[0-9]{1,8}|, ?)*", fullmatch=True))
def test_prefer_asks_for_a_wait_within_the_limit(tried: str) -> None:
    assert 0 <= preferred_wait(tried) <= MAX_WAIT_SECONDS


@given(headers | st.from_regex(IF_MATCH.strip("^$"), fullmatch=True))
def test_if_match_is_taken_if_the_document_says_so(tried: str) -> None:
    version, error = attempt(if_match, make_mocked_request("PUT", "/", headers={"If-Match": tried}))

    assert (error is None) == bool(re.fullmatch(IF_MATCH, tried.strip()))
    assert version is None or version == (0 if tried.strip().startswith("W") else int(tried.strip().strip('"')))


@given(headers)
def test_an_idempotency_key_is_taken_if_the_document_says_so(tried: str) -> None:
    _, error = attempt(check_headers, make_mocked_request("PUT", "/", headers={"Idempotency-Key": tried}))

    assert error is None or not re.fullmatch(KEY, tried)
    assert error or tried


@given(st.lists(said).map("".join) | text)
def test_mentions_are_members_each_once(tried: str) -> None:
    meant = mentioned(tried, MEMBERS)

    assert len(meant) == len(set(meant))
    assert set(meant) <= {member.user_id for member in MEMBERS}
    assert len(handles(tried)) <= MOST_MENTIONS


@pytest.mark.parametrize("piece", ["@", "@a", "a@", "@a.", "@a@", "@-", ".@"])
def test_mentions_are_found_in_a_moment_in_the_longest_comment(piece: str) -> None:
    longest = (piece * schemas.COMMENT_MAX)[: schemas.COMMENT_MAX]

    assert len(handles(longest)) <= MOST_MENTIONS
