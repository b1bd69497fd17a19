"""Bodies: what isn't JSON, isn't said to be, is too large, or says what its fields can't be."""

from typing import Any

import pytest

from tests.flows.client import ApiClient
from tests.fuzz.door import PROJECT, TASK, raw, refusal, send


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b'{"title":' + b"[" * 10_000,
        b"",
        b"{",
        b"null",
        b"[]",
        b'"title"',
        b"NaN",
        b'{"title": NaN}',
        b"{'title': 'x'}",
        b'{"title": "\xff\xfe"}',
        '{"title": "x"}'.encode("utf-16"),
        b'{"title": "\xed\xa0\x80"}',
        b'{"title": "x"} x',
        b'{"title": "a\x00b"}',
        b'{"position": 1e400}',
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_not_an_object_of_json_in_utf_8_is_refused(unchanged: ApiClient, body: bytes) -> None:
    for method, path in [("POST", f"{PROJECT}/tasks"), ("PATCH", TASK), ("POST", f"{PROJECT}/statuses")]:
        refusal(send(unchanged, method, path, body), 400, "bad_request")


@pytest.mark.parametrize(
    "number", ["-1", "50", "1.5", "9223372036854775808", "1e30", "-99999999999999999999", '"1"', "true", "null", "[]"]
)
def test_numbers_out_of_range_or_of_another_kind_are_refused(unchanged: ApiClient, number: str) -> None:
    body = f'{{"name": "x", "category": "todo", "position": {number}}}'.encode()
    refusal(send(unchanged, "POST", f"{PROJECT}/statuses", body), 422, "invalid", "position")


@pytest.mark.parametrize(
    "due",
    [
        "2026-02-30", "2026-13-01", "2027-02-29", "1969-12-31", "9999-01-01", "0000-00-00", "2026-12-24T09:00:00",
        "2026-12-24T25:00:00Z", "2026-12-24T09:00Z", "2026-12-24T09:00:00+24:00", "tomorrow", "", " 2026-12-24",
        "2026-12-24T09:00:00Z" + "0" * 50, "٢٠٢٦-12-24", "2026-W52-4", 20261224, True, ["2026-12-24"],
    ],
)  # fmt: skip
def test_a_deadline_that_is_none_is_refused(unchanged: ApiClient, due: Any) -> None:
    refusal(unchanged.request("POST", f"{PROJECT}/tasks", {"title": "x", "due": due}), 422, "invalid", "due")
    refusal(unchanged.request("PATCH", TASK, {"title": "not this either", "due": due}), 422, "invalid", "due")


TOO_MANY = [f"P{day}D" for day in range(1, 22)]


@pytest.mark.parametrize("rules", [["-P1D", "-P1D"], ["P1Y"], ["1 day"], [""], [1], "P1D", ["P366D"], TOO_MANY])
def test_reminder_rules_that_are_none_are_refused(unchanged: ApiClient, rules: Any) -> None:
    for path in ("/api/v1/reminder-rules", f"{TASK}/reminders"):
        refusal(unchanged.request("PUT", path, {"rules": rules}), 422, "invalid", "rules")


def test_all_that_is_wrong_is_told_at_once(unchanged: ApiClient) -> None:
    body = {"title": " ", "due": "2026-02-30", "priority": "huge", "tilte": "x"}
    for method, path in [("POST", f"{PROJECT}/tasks"), ("PATCH", TASK)]:
        problem = refusal(unchanged.request(method, path, body), 422, "invalid")

        assert problem["errors"].keys() == body.keys()
    problem = refusal(unchanged.request("GET", "/api/v1/tasks?limit=0&due_before=soon&due_after=2026-02-30"), 422)
    assert problem["errors"].keys() == {"limit", "due_before", "due_after"}


def test_null_where_there_must_be_something_is_refused(unchanged: ApiClient) -> None:
    status = unchanged.get(f"{PROJECT}/statuses")["items"][0]["id"]
    for method, path, fields in [
        ("PATCH", TASK, ("title", "description", "priority", "assignees")),
        ("PATCH", PROJECT, ("key", "name", "description")),
        ("PATCH", f"{PROJECT}/statuses/{status}", ("name", "category", "position", "is_default")),
        ("PATCH", "/api/v1/users/me", ("display_name", "time_zone", "locale")),
        ("PUT", f"{PROJECT}/members/{unchanged.id}", ("role",)),
        ("PUT", "/api/v1/notification-preferences", ("items",)),
    ]:
        for field in fields:
            refusal(unchanged.request(method, path, {field: None}), 422, "invalid", field)


def test_unknown_fields_are_refused(unchanged: ApiClient) -> None:
    for method, path, body in [
        ("POST", f"{PROJECT}/tasks", {"title": "x", "tilte": "y"}),
        ("PATCH", TASK, {"id": "01932c5e-7b00-7000-8000-000000000001"}),
        ("PATCH", PROJECT, {"archived": True}),
        ("PATCH", "/api/v1/users/me", {"role": "admin"}),
    ]:
        refusal(unchanged.request(method, path, body), 422, "invalid", list(body)[-1])
    refusal(unchanged.request("PUT", f"{TASK}/completion?force=true"), 422, "invalid", "force")


def test_a_body_over_the_limit_is_refused(unchanged: ApiClient) -> None:
    body = raw({"title": "x", "description": "y" * 1_100_000})

    refusal(send(unchanged, "POST", f"{PROJECT}/tasks", body), 413, "too_large")
    refusal(send(unchanged, "POST", f"{PROJECT}/tasks", body, chunked=True), 413, "too_large")
    refusal(unchanged.request("POST", f"{PROJECT}/tasks", {"title": "x", "description": "y" * 100_001}), 422)
    refusal(unchanged.request("POST", f"{PROJECT}/tasks", {"title": "y" * 256}), 422, "invalid", "title")


@pytest.mark.parametrize(
    "media",
    [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml",
        "application/json; charset=latin-1", "application/json-patch+json", "text/json", "nonsense",
    ],
)  # fmt: skip
def test_another_media_type_is_refused(unchanged: ApiClient, media: str) -> None:
    for method, path in [("POST", f"{PROJECT}/tasks"), ("PATCH", TASK), ("PUT", "/api/v1/reminder-rules")]:
        answer = send(unchanged, method, path, b'{"title": "x"}', Content_Type=media)
        refusal(answer, 415, "unsupported_media_type")


def test_a_merge_patch_is_one_way_to_say_patch(admin: ApiClient) -> None:
    for media in ("application/merge-patch+json", "application/json;charset=UTF-8"):
        assert send(admin, "PATCH", TASK, b'{"title": "As it was"}', Content_Type=media).status == 200

    answer = send(admin, "POST", f"{PROJECT}/tasks", b'{"title": "x"}', Content_Type="application/merge-patch+json")
    refusal(answer, 415)


def test_a_form_is_for_oauth_only_and_refused_in_its_words(admin: ApiClient) -> None:
    for body in (
        b"", b"grant_type=password", b"grant_type=magic", b"grant_type=password&grant_type=password", b"\xff=\xff",
        b"&".join(b"a%d=1" % number for number in range(50)), b"grant_type=password&username=a%00&password=b",
        b"grant_type=refresh_token&refresh_token=%ED%A0%80",
    ):  # fmt: skip
        answer = send(admin, "POST", "/api/v1/auth/token", body, Content_Type="application/x-www-form-urlencoded")
        assert answer.status == 400, answer
        assert answer.body["error"] in ("invalid_request", "unsupported_grant_type", "invalid_grant")
        assert {"code", "detail", "request_id"} <= answer.body.keys()
    assert send(admin, "POST", "/api/v1/auth/token", b'{"grant_type": "password"}').body["error"] == "invalid_request"
