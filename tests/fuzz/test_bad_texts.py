"""Characters: what can't be shown is refused in every text, whatever else there is comes back as it was sent."""

import json

import pytest

from tests.flows.client import ApiClient
from tests.fuzz.door import PROJECT, TASK, raw, refusal, send

NUL, BELL, ESCAPE, CSI, LINE_SEPARATOR = "\x00", "\x07", "\x1b", "\x9b", "\u2028"
TEXTS = [
    ("POST", f"{PROJECT}/tasks", {"title": "?"}, "title"),
    ("POST", f"{PROJECT}/tasks", {"title": "x", "description": "?"}, "description"),
    ("PATCH", TASK, {"title": "?"}, "title"),
    ("PATCH", TASK, {"description": "?"}, "description"),
    ("POST", f"{TASK}/comments", {"text": "?"}, "text"),
    ("POST", f"{PROJECT}/statuses", {"name": "?", "category": "todo"}, "name"),
    ("POST", "/api/v1/projects", {"key": "BAD2", "name": "?"}, "name"),
    ("PATCH", PROJECT, {"name": "?"}, "name"),
    ("PATCH", PROJECT, {"description": "?"}, "description"),
    ("PATCH", "/api/v1/users/me", {"display_name": "?"}, "display_name"),
    ("PATCH", "/api/v1/users/me", {"locale": "de?"}, "locale"),
    ("PATCH", "/api/v1/users/me", {"time_zone": "UTC?"}, "time_zone"),
    ("POST", f"{PROJECT}/invitations", {"email": "a?@example.org"}, "email"),
]


def filled(body: dict[str, str], text: str) -> dict[str, str]:
    return {name: value.replace("?", text) for name, value in body.items()}


@pytest.mark.parametrize("control", [NUL, BELL, ESCAPE, CSI, LINE_SEPARATOR])
def test_control_characters_are_refused_in_every_text(unchanged: ApiClient, control: str) -> None:
    for method, path, body, field in TEXTS:
        refusal(unchanged.request(method, path, filled(body, f"a{control}b")), 422, "invalid", field)


def test_a_lone_surrogate_is_not_json(unchanged: ApiClient) -> None:
    for method, path, body, _ in TEXTS:
        refusal(send(unchanged, method, path, raw(filled(body, "a\ud800b"))), 400, "bad_request")


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u200b", "\u2060\ufeff", "\u3000 \u202e", "\u2800", "\t", "\n"])
def test_a_title_that_nobody_could_see_is_refused(unchanged: ApiClient, blank: str) -> None:
    refusal(unchanged.request("POST", f"{PROJECT}/tasks", {"title": blank}), 422, "invalid", "title")
    refusal(unchanged.request("PATCH", PROJECT, {"name": blank}), 422, "invalid", "name")


@pytest.mark.parametrize(
    "title",
    [
        "🦕🦖",
        "👩‍👩‍👧‍👦 family",
        "مرحبا بالعالم",
        "שלום \u200fעולם",  # noqa: RUF001 - Hebrew
        "e\u0301 is not \u00e9",
        "नमस्ते",
        "a\u200bb",
        "ﷺ",
        "\U0001d518\U0001d52b\U0001d526",
        "Z̸̢a̷l̶g̵o̴",
        "\U0010ffff",
        "<b>&amp;\"'\\",
        "{{7*7}} ${7*7} %s",
        "'; DROP TABLE task; --",
        "\ufb01\u1e9e\u0130",
    ],
)
def test_every_other_character_comes_back_as_it_was_sent(admin: ApiClient, title: str) -> None:
    body = {"title": title, "description": f"{title}\r\n\t{title}"}
    created = admin.post(f"{PROJECT}/tasks", body)
    read = admin.get(f"/api/v1/tasks/{created['key']}")

    assert read["title"] == created["title"] == title
    assert read["description"] == body["description"]
    assert json.dumps(read, sort_keys=True) == json.dumps(created, sort_keys=True)


@pytest.mark.parametrize("words", ["'", "\\", "&", ":*", "!", "(", "%", "_", "<->", "' | '", "--", "日本", "🦕"])
def test_no_character_of_a_search_means_anything(unchanged: ApiClient, words: str) -> None:
    from urllib.parse import quote

    for path in ("/api/v1/tasks", "/api/v1/projects", "/api/v1/users"):
        assert unchanged.get(f"{path}?q={quote(words)}")["items"] == []
