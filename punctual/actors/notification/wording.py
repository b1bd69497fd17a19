"""Words of notifications and e-mails: one folder of templates per kind under emails/, one layout around all."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, select_autoescape

from punctual.domain.notification import duration, moment
from punctual.kit import settings

FOLDER = Path(__file__).with_name("emails")
_EMPTY_LINES = re.compile(r"\n\s*\n")
_environment = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_environment.filters.update(moment=moment, duration=duration)


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail's words."""

    subject: str
    text: str
    html: str


def known(kind: str) -> bool:
    """Whether there are words for an e-mail of this kind."""
    return "/" not in kind and (FOLDER / kind / "subject.txt").is_file()


def title(kind: str, facts: dict[str, Any], zone: str, *, you: bool) -> str:
    """The one line that the inbox shows; `you`: the event names this person."""
    return _line(kind, "title.txt", {**facts, "zone": zone, "you": you})


def letter(kind: str, context: dict[str, Any]) -> Letter:
    """An e-mail of a kind, or of a mail with a secret. Raises KeyError for a kind without templates."""
    context = {"person": context.get("display_name"), **context, "public_url": settings.current().public_url}
    subject = _line(kind, "subject.txt", context)
    text = _EMPTY_LINES.sub("\n\n", _render(kind, "body.txt", context)).strip() + "\n"
    return Letter(subject, text, _render(kind, "body.html", {**context, "subject": subject}))


def _line(kind: str, name: str, context: dict[str, Any]) -> str:
    # A header, and a row of a list, is one line whatever people typed.
    return " ".join(_render(kind, name, context).split())


def _render(kind: str, name: str, context: dict[str, Any]) -> str:
    try:
        template = _environment.get_template(f"{kind}/{name}")
    except TemplateNotFound:
        raise KeyError(f"There are no words for {kind}: emails/{kind}/{name} is missing.") from None
    defaults = {"actor": context.get("actor_name") or "Somebody"}
    return template.render(defaults, **context)
