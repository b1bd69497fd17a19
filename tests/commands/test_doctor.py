"""What the doctor says, and that it never says a secret."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from punctual.commands.doctor import configuration, mail, rate_limits, visit
from punctual.commands.doctor.durations import spoken
from punctual.commands.doctor.findings import Finding, Level, Redactor, fault, line, note, ok, summary
from punctual.commands.local.ports import Ports
from punctual.kit import settings
from punctual.kit.settings import Settings


def known(**variables: str) -> Settings:
    return settings.load(variables)


def levels(findings: list[Finding]) -> list[Level]:
    return [finding.level for finding in findings]


def test_a_line_says_what_why_and_what_to_do() -> None:
    shown = line(fault("queue task", "no worker reads it", "start one: punctual work"))

    assert shown == "FAULT  queue task                 — no worker reads it — start one: punctual work"


def test_lines_stand_in_columns_and_on_one_line_each() -> None:
    shown = [line(ok("a", "well")), line(note("settings", "two\n  lines")), line(fault("b", "bad", "mend it"))]

    assert {text.index("—") for text in shown} == {34}
    assert shown[1].endswith("two lines")


def test_the_summary_counts() -> None:
    found = [ok("a", "x"), ok("b", "x"), note("c", "x"), fault("d", "x", "y"), fault("e", "x", "y")]

    assert summary(found) == "5 checks: 2 ok, 1 note, 2 faults."


def test_passwords_are_hidden_wherever_they_come_up() -> None:
    redact = Redactor(
        {
            "PUNCTUAL_DATABASE_URL_TASK": "postgresql://task:s%40crat-word@db/task",
            "PUNCTUAL_SMTP_URL": "smtp://mailer:hunter22@mail:587",
            "PUNCTUAL_DEMO_PASSWORD": "harbour at night",
            "HOME": "/home/ada",
        }
    )

    shown = redact("s%40crat-word s@crat-word hunter22 harbour at night amqp://u:x@host /home/ada")

    assert shown == "… … … … amqp://u:…@host /home/ada"


def test_an_example_of_a_url_stays_readable() -> None:
    assert Redactor({})("smtp://[user:password@]host") == "smtp://[user:password@]host"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (-1, "0 s"), (100, "100 s"), (840, "14 min"), (9_000, "2 hours"), (1e6, "12 days")],
)
def test_durations_are_said_as_people_say_them(seconds: float, text: str) -> None:
    assert spoken(seconds) == text


def test_settings_that_cannot_be_read_are_one_fault(monkeypatch, capsys) -> None:
    monkeypatch.setenv("PUNCTUAL_PORT", "eighty")
    settings.current.cache_clear()
    try:
        status = visit.visit()
    finally:
        settings.current.cache_clear()
    shown = capsys.readouterr().out

    assert status == 1
    assert shown.startswith("FAULT  settings")
    assert "PUNCTUAL_PORT must be a whole number" in shown


def test_a_check_that_fails_itself_hides_no_other(environment, capsys) -> None:
    def broken(_known: Settings) -> list[Finding]:
        raise KeyError("no such thing")

    status = visit.visit({"first": broken, "second": lambda _known: [ok("second", "well")]})
    shown = capsys.readouterr().out

    assert status == 1
    assert "first                      — this check failed itself: KeyError: 'no such thing'" in shown
    assert "ok     second" in shown
    assert "Traceback" not in shown


def test_a_whole_visit_shows_no_secret_and_no_traceback(running_worker, environment, capsys) -> None:
    status = visit.visit()
    shown = capsys.readouterr().out

    assert status == 1  # no process answers HTTP here
    assert "start it: punctual serve gateway" in shown
    assert "Traceback" not in shown
    assert "this check failed itself" not in shown
    assert not [password for url in environment.values() if (password := urlsplit(url).password) and password in shown]


def test_notes_alone_are_no_reason_to_worry(environment, capsys) -> None:
    assert visit.visit({"first": lambda _known: [note("first", "a matter of taste")]}) == 0


def test_a_misspelt_variable_is_noticed() -> None:
    found = configuration.describe({"PUNCTUAL_SMPT_URL": "smtp://x", "PUNCTUAL_PORT": "8080", "PATH": "/bin"})

    assert levels(found) == [Level.OK, Level.NOTE]
    assert found[1].why == "nobody reads PUNCTUAL_SMPT_URL"
    assert found[1].remedy == "perhaps PUNCTUAL_SMTP_URL is meant"


def test_variables_of_the_local_stack_and_of_commands_are_known() -> None:
    names = ("PUNCTUAL_MAIL_CATCHER_HTTP_PORT", "PUNCTUAL_LOCAL_PROCESS", "PUNCTUAL_WORKERS", "PUNCTUAL_DEMO_PASSWORD")

    assert levels(configuration.describe(dict.fromkeys(names, "1"))) == [Level.OK]


@pytest.mark.parametrize(
    ("variables", "level", "word"),
    [
        ({}, Level.OK, "this machine only"),
        ({"PUNCTUAL_PUBLIC_URL": "https://tasks.example.org"}, Level.OK, "https"),
        ({"PUNCTUAL_PUBLIC_URL": "http://tasks.example.org"}, Level.NOTE, "not encrypted"),
        ({"PUNCTUAL_PUBLIC_URL": "https://tasks.example.org?x=1"}, Level.FAULT, "PUNCTUAL_PUBLIC_URL"),
        ({"PUNCTUAL_PUBLIC_URL": "https://u:p@tasks.example.org"}, Level.FAULT, "PUNCTUAL_PUBLIC_URL"),
        ({"PUNCTUAL_HOST": "::"}, Level.NOTE, "their own machine"),
        ({"PUNCTUAL_PUBLIC_URL": "http://localhost:9000"}, Level.NOTE, "port 8080"),
    ],
)
def test_the_public_address_makes_sense(variables: dict[str, str], level: Level, word: str) -> None:
    [finding] = configuration.check(known(**variables))

    assert finding.level is level
    assert word in finding.why


def test_time_zones_are_there() -> None:
    assert levels(configuration.check_zones(known())) == [Level.OK]


def test_no_mail_server_is_a_note_not_a_fault() -> None:
    [finding] = mail.check(known())

    assert finding.level is Level.NOTE
    assert "PUNCTUAL_SMTP_URL" in finding.why


class Postmaster:
    """Accepts one password."""

    async def handle_MAIL(self, *_arguments: object) -> str:  # noqa: N802 - aiosmtpd's name
        raise AssertionError("the doctor sends nothing")

    def __call__(self, _server, _session, _envelope, _mechanism, login) -> AuthResult:
        return AuthResult(success=login.password == b"right one", handled=False)


@pytest.fixture
def mail_server(directory) -> Iterator[int]:
    """The port of an SMTP server that wants a password."""
    postmaster = Postmaster()
    server = Controller(
        postmaster, "127.0.0.1", Ports(directory.ports).free("smtp"),
        authenticator=postmaster, auth_require_tls=False,
    )  # fmt: skip
    server.start()
    yield server.port
    server.stop()


def test_the_doctor_logs_in_at_the_mail_server(mail_server: int) -> None:
    url = f"smtp://ada:right%20one@127.0.0.1:{mail_server}"

    [finding] = mail.check(known(PUNCTUAL_SMTP_URL=url))

    assert finding.level is Level.OK
    assert finding.why.endswith("logged in")


def test_a_refused_password_names_the_variable(mail_server: int) -> None:
    url = f"smtp://ada:wrong%20one@127.0.0.1:{mail_server}"

    [finding] = mail.check(known(PUNCTUAL_SMTP_URL=url))

    assert finding.level is Level.FAULT
    assert "535" in finding.why
    assert "wrong" not in finding.why
    assert "PUNCTUAL_SMTP_URL" in finding.remedy


def test_a_mail_server_that_is_away_is_a_fault(directory) -> None:
    port = Ports(directory.ports).free("nobody")

    [finding] = mail.check(known(PUNCTUAL_SMTP_URL=f"smtp://127.0.0.1:{port}"))

    assert finding.level is Level.FAULT
    assert "start the mail server" in finding.remedy


def test_a_sender_without_an_address_is_a_fault(mail_server: int) -> None:
    url = f"smtp://ada:right%20one@127.0.0.1:{mail_server}"

    found = mail.check(known(PUNCTUAL_SMTP_URL=url, PUNCTUAL_MAIL_FROM="Punctual"))

    assert levels(found) == [Level.OK, Level.FAULT]
    assert "PUNCTUAL_MAIL_FROM" in found[1].remedy


@pytest.mark.parametrize(
    ("variables", "level"),
    [
        ({}, Level.OK),
        ({"PUNCTUAL_RATE_LIMIT": "off"}, Level.NOTE),
        ({"PUNCTUAL_RATE_LIMIT_STORAGE": "redis://127.0.0.1:1"}, Level.FAULT),
    ],
)
def test_rate_limits_are_on_and_counted(variables: dict[str, str], level: Level) -> None:
    assert levels(rate_limits.check(known(**variables))) == [level]
