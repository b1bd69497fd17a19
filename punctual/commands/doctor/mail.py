"""Whether e-mail can be sent."""

from email.utils import parseaddr
from urllib.parse import urlsplit

from punctual.commands.doctor.configuration import LOOPBACK
from punctual.commands.doctor.findings import Finding, fault, note, ok
from punctual.kit.mail import MailFailure, PermanentMailFailure, SmtpMailer
from punctual.kit.settings import Settings

SECONDS = 8.0


def check(known: Settings) -> list[Finding]:
    """Log in at the mail server as the mail worker does, and send nothing."""
    if known.smtp_url is None:
        why = "PUNCTUAL_SMTP_URL isn't set: no e-mail is sent, notifications are in-app only"
        return [note("SMTP", why, "set it to smtp://, smtps:// or smtp+starttls://[user:password@]host[:port]")]
    url = urlsplit(known.smtp_url)
    server = f"{url.hostname}:{url.port}" if url.port else str(url.hostname)
    try:
        SmtpMailer(known.smtp_url, SECONDS).check()
    except MailFailure as error:
        return [fault("SMTP", f"{server}: {error}", _remedy(error, url.scheme))]
    means = {"smtp": "without encryption", "smtps": "over TLS", "smtp+starttls": "with STARTTLS"}[url.scheme]
    return [
        ok("SMTP", f"{server} answers {means}{', logged in' if url.username else ''}"),
        *_sender(known, url.hostname),
    ]


def _remedy(error: MailFailure, scheme: str) -> str:
    if "certificate" in str(error).lower():
        return "the server's certificate must be valid for the host in PUNCTUAL_SMTP_URL"
    if isinstance(error, PermanentMailFailure):
        return "correct user, password and scheme (smtp, smtps, smtp+starttls) in PUNCTUAL_SMTP_URL"
    other = "smtps" if scheme != "smtps" else "smtp+starttls"
    return f"start the mail server, or correct host, port and scheme (perhaps {other}://) in PUNCTUAL_SMTP_URL"


def _sender(known: Settings, host: str | None) -> list[Finding]:
    address = parseaddr(known.mail_from)[1]
    domain = address.partition("@")[2]
    if not domain:
        why = f"{known.mail_from!r} holds no e-mail address"
        return [fault("sender of e-mails", why, "set PUNCTUAL_MAIL_FROM, such as: Punctual <punctual@example.org>")]
    if domain == "localhost" and host not in LOOPBACK:
        why = f"e-mails come from {address}, which most mail servers refuse"
        return [note("sender of e-mails", why, "set PUNCTUAL_MAIL_FROM to an address of your own domain")]
    return []
