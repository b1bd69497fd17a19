"""The mail catcher, spoken to over real SMTP and HTTP, and its mailbox."""

import http.client
import os
import re
import signal
import smtplib
import subprocess
import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from punctual.commands.local.ports import Ports, answers
from punctual.commands.local.processes import wait_until
from punctual.commands.mail_catcher.mailbox import Mailbox, header

NAME = re.compile(r"\d{8}T\d{6}\.\d{3}Z-\d{6}\.eml")


class Catcher:
    """A mail catcher in a process of its own."""

    def __init__(self, folder):
        ports = Ports(folder / "ports.json")
        self.folder = folder / "mail"
        self.smtp_port, self.http_port = ports.free("smtp"), ports.free("http")
        variables = {
            "PUNCTUAL_MAIL_CATCHER_SMTP_PORT": str(self.smtp_port),
            "PUNCTUAL_MAIL_CATCHER_HTTP_PORT": str(self.http_port),
            "PUNCTUAL_MAIL_CATCHER_DIRECTORY": str(self.folder),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "punctual", "mail-catcher"],
            env={**os.environ, **variables},
            cwd=Path(__file__).parents[2],
            stdout=subprocess.DEVNULL,
        )
        assert wait_until(lambda: answers(self.http_port), 20)

    def send(self, message, sender="punctual@localhost", recipients=("bob@example.org",)):
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as server:
            server.sendmail(sender, recipients, message.as_bytes())

    def get(self, path, host=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port)
        connection.request("GET", path, headers={"Host": host} if host else {})
        response = connection.getresponse()
        text = response.read().decode(errors="replace")
        connection.close()
        return response, text

    def names(self):
        return Mailbox(self.folder).names()


@pytest.fixture(scope="module")
def catcher(tmp_path_factory):
    made = Catcher(tmp_path_factory.mktemp("catcher"))
    yield made
    made.process.send_signal(signal.SIGTERM)
    assert made.process.wait(10) == 0


@pytest.fixture
def name(catcher):
    """The file of one e-mail that was just sent."""
    before = set(catcher.names())
    catcher.send(message())
    (found,) = set(catcher.names()) - before
    return found


def test_each_message_is_a_file_named_by_time_and_number(catcher, name):
    assert NAME.fullmatch(name)
    kept = Mailbox(catcher.folder).message(name)
    assert kept["Subject"] == "OPS-1: Naïve <b>plan</b>"
    assert kept["Delivered-To"] == "bob@example.org"
    assert kept["Return-Path"] == "<punctual@localhost>"


def test_the_list_shows_the_newest_first(catcher, name):
    catcher.send(message(subject="The latest"))

    _, page = catcher.get("/")

    assert page.index("The latest") < page.index("OPS-1")
    assert f"/messages/{name}" in page


def test_what_a_message_says_is_escaped_everywhere(catcher, name):
    for path in ("/", f"/messages/{name}"):
        _, page = catcher.get(path)

        assert "Naïve &lt;b&gt;plan&lt;/b&gt;" in page
        assert "<script>" not in page


def test_web_addresses_in_the_text_are_links(catcher, name):
    _, page = catcher.get(f"/messages/{name}")

    address = "http://localhost:8080/invitations/abc?x=1&amp;y=2"
    assert f'<a href="{address}" rel="noreferrer">{address}</a>.' in page


def test_the_html_part_is_shown_in_a_frame_without_rights(catcher, name):
    _, page = catcher.get(f"/messages/{name}")
    response, part = catcher.get(f"/messages/{name}/html")

    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "<p>Hello</p>" in part
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_no_page_may_load_anything_from_elsewhere(catcher, name):
    for path in ("/", f"/messages/{name}"):
        response, _ = catcher.get(path)

        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_raw_message_is_plain_text(catcher, name):
    response, text = catcher.get(f"/messages/{name}/raw")

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert text.startswith("Return-Path: <punctual@localhost>")


@pytest.mark.parametrize(
    "path", ["/messages/none.eml", "/messages/..%2Fports.json", "/messages/x/html", "/messages/x/raw"]
)
def test_what_is_not_there_is_not_found(catcher, path):
    response, _ = catcher.get(path)

    assert response.status == 404


def test_a_foreign_name_for_this_address_is_refused(catcher):
    response, _ = catcher.get("/", host="evil.example.org")

    assert response.status == 421


def test_garbage_is_kept_and_shown_too(catcher):
    with smtplib.SMTP("127.0.0.1", catcher.smtp_port) as server:
        server.sendmail("", ["bob@example.org"], b"From: <<<\r\nTo: \xff\xfe\r\nSubject: =?x?q?=ff?=\r\n\r\n\xff\x00")
    newest = catcher.names()[0]

    for path in ("/", f"/messages/{newest}", f"/messages/{newest}/raw"):
        assert catcher.get(path)[0].status == 200


def test_a_taken_port_ends_it_with_the_variables_to_change(catcher):
    again = subprocess.run(
        [sys.executable, "-m", "punctual", "mail-catcher", "--smtp-port", str(catcher.smtp_port)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )

    assert again.returncode == 1
    assert "PUNCTUAL_MAIL_CATCHER_SMTP_PORT" in again.stderr
    assert "Traceback" not in again.stderr


def test_names_sort_by_time_and_numbers_go_on_after_a_restart(tmp_path):
    moment = datetime(2026, 11, 22, 8, 30, 5, 120000, tzinfo=UTC)
    first = Mailbox(tmp_path).keep(b"", sender="a@b", recipients=["c@d"], now=moment)

    second = Mailbox(tmp_path).keep(b"", sender="a@b", recipients=["c@d"], now=moment)

    assert (first, second) == ("20261122T083005.120Z-000001.eml", "20261122T083005.120Z-000002.eml")


def test_a_half_written_message_is_not_seen(tmp_path):
    mailbox = Mailbox(tmp_path)
    (tmp_path / ".20261122T083005.120Z-000001.eml.incoming").touch()

    assert mailbox.names() == []


def test_the_list_goes_on_on_further_pages(tmp_path):
    mailbox = Mailbox(tmp_path)
    names = [mailbox.keep(b"Subject: x\r\n\r\n", sender="", recipients=[]) for _ in range(5)]

    first, following = mailbox.page(None, 3)
    second, end = mailbox.page(following, 3)

    assert [summary.name for summary in first + second] == names[::-1]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", first[0].kept_at)
    assert end is None


def test_a_missing_header_is_empty():
    assert header(EmailMessage(), "Subject") == ""


def message(subject="OPS-1: Naïve <b>plan</b>"):
    made = EmailMessage()
    made["From"] = "Punctual <punctual@localhost>"
    made["To"] = "Bob <bob@example.org>"
    made["Subject"] = subject
    made.set_content("See <script>alert(1)</script> http://localhost:8080/invitations/abc?x=1&y=2.\n")
    made.add_alternative("<p>Hello</p>", subtype="html")
    return made
