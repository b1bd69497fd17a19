"""Every kind has its words, in the inbox and by e-mail."""

from html.parser import HTMLParser
from typing import Any

import pytest

from punctual.actors.notification import wording
from punctual.domain.notification import KINDS, facts_of
from punctual.schemas.events import CATALOGUE

CHANGES = {
    "task.status_changed": {"status": ["To do", "In progress"]},
    "task.due_changed": {"due": ["2026-12-23", "2026-12-24"]},
    "task.updated": {"title": ["Old", "New"], "description": [None, None]},
}
SECRETS = {
    "project.invited": {"project_key": "OPS", "project_name": "Operations", "role": "admin", "token": "s3cret"},
    "auth.verification": {"display_name": "Ada", "token": "s3cret"},
    "auth.password_reset": {"display_name": "Ada", "token": "s3cret"},
    "auth.already_registered": {"display_name": "Ada"},
}
PATHS = {
    "project.invited": "invitations",
    "auth.verification": "email-verifications",
    "auth.password_reset": "password-resets",
}


def facts(kind: str, **fields: Any) -> dict[str, Any]:
    payload = {**CATALOGUE[kind].example, **fields}
    if kind in CHANGES:
        payload["changes"] = CHANGES[kind]
    return {**facts_of(kind, payload), "actor_name": "Ada"}


def letter(kind: str, **fields: Any) -> wording.Letter:
    person = {"display_name": "Bob", "zone": "Europe/Berlin", "you": True, "unsubscription": "t0ken"}
    return wording.letter(kind, {"title": "…", **person, **facts(kind, **fields)})


def title(kind: str, *, you: bool = True, **fields: Any) -> str:
    return wording.title(kind, facts(kind, **fields), "Europe/Berlin", you=you)


class Tags(HTMLParser):
    """Raises for tags that don't match; gathers links and whatever would be fetched."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("img", "link", "script", "iframe")
        self.links += [value for name, value in attrs if name == "href" and value]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_title_and_a_letter(kind: str) -> None:
    written = letter(kind)

    assert title(kind)
    assert "\n" not in title(kind) + written.subject
    assert written.text.startswith("Hello Bob,\n\n")
    assert "\n\n\n" not in written.text
    assert written.text.endswith("/unsubscriptions/t0ken\n")
    assert Tags(written.html).links[-1].endswith("/unsubscriptions/t0ken")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("task.") and kind != "task.deleted"])
def test_a_letter_about_a_task_leads_there(kind: str) -> None:
    written = letter(kind)

    assert "/tasks/OPS-1" in written.text
    assert any(link.endswith("/tasks/OPS-1") for link in Tags(written.html).links)


@pytest.mark.parametrize("template", SECRETS)
def test_a_secret_is_in_the_letter_as_a_link_and_bare(template: str) -> None:
    context = SECRETS[template]

    written = wording.letter(template, context)

    assert wording.known(template)
    if "token" in context:
        assert f"/{PATHS[template]}/s3cret\n" in written.text
        assert "    s3cret\n" in written.text
        assert "s3cret" not in written.subject


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("task.assigned", {}, "Ada assigned OPS-1 to you: Renew the certificate"),
        ("task.status_changed", {}, "Ada moved OPS-1 to In progress: Renew the certificate"),
        ("task.due_changed", {}, "Ada moved the deadline of OPS-1 to Thu 24 Dec 2026: Renew the certificate"),
        ("task.due_changed", {"due": None}, "Ada removed the deadline of OPS-1: Renew the certificate"),
        (
            "task.due_soon",
            {"due": "2026-12-24T13:00:00Z", "late_by": 840},
            "Due Thu 24 Dec 2026, 14:00: OPS-1 Renew the certificate (late by 14 min)",
        ),
        ("task.due", {"late_by": 0}, "Due now: OPS-1 Renew the certificate"),
        ("task.overdue", {"late_by": 0}, "Overdue since Thu 24 Dec 2026: OPS-1 Renew the certificate"),
        ("task.reminders_missed", {}, "1 reminder came due while Punctual was away"),
        ("project.member_added", {}, "Ada added you to Operations (OPS)"),
        ("project.member_role_changed", {"role": "owner"}, "Ada made you an owner of Operations (OPS)"),
    ],
)
def test_titles_say_who_did_what_to_which_task(kind: str, fields: dict[str, Any], words: str) -> None:
    assert title(kind, **fields) == words


def test_who_is_taken_off_reads_it_differently_from_who_looks_on() -> None:
    assert title("task.unassigned") == "Ada took you off OPS-1: Renew the certificate"
    assert title("task.unassigned", you=False) == "Ada changed who works on OPS-1: Renew the certificate"


def test_an_unknown_actor_is_somebody() -> None:
    words = wording.title("task.completed", {**facts("task.completed"), "actor_name": None}, "UTC", you=False)

    assert words.startswith("Somebody completed OPS-1")


def test_what_people_typed_is_escaped_in_html_and_kept_on_one_line_in_the_subject() -> None:
    hostile = "<script>alert(1)</script>\r\nBcc: eve@example.org"

    written = letter("task.mentioned", title=hostile, text=hostile)

    assert "<script>" not in written.html
    assert "&lt;script&gt;" in written.html
    assert written.subject.endswith("<script>alert(1)</script> Bcc: eve@example.org")
    assert "> <script>alert(1)</script>\n> Bcc: eve@example.org" in written.text


def test_a_template_that_is_no_folder_of_ours_is_unknown() -> None:
    assert not wording.known("no.such")
    assert not wording.known("../emails/task.due")
