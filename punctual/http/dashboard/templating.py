"""The templates' environment, and what filters and macros know of whom a page is shown to."""

import contextlib
import re
import zlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp_jinja2
import jinja2
from aiohttp import web
from markupsafe import Markup

from punctual.http.dashboard import markdown, moments, static, submission
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.pieces import GAP
from punctual.http.dashboard.viewer import Viewer

HUES = 8
_FIELDS = Markup('<input type="hidden" name="csrf" value="{csrf}"><input type="hidden" name="once" value="{once}">')
_KEY = re.compile(r"\b([A-Z][A-Z0-9]+-\d+)\b")
_WHOLE = Markup('<span class="nowrap">{}</span>')


@dataclass(frozen=True, slots=True)
class _Rendering:
    """What filters and macros know of the page that is being rendered."""

    request: web.Request
    viewer: Viewer
    now: datetime
    frame: bool


_rendering: ContextVar[_Rendering] = ContextVar("rendering")


def set_up(app: web.Application) -> None:
    """The templates' environment: everything escaped, nothing undefined passed over."""
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.PackageLoader("punctual.http.dashboard"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        due=lambda value, done=False: moments.due(value, *_place(), done=done),
        ago=lambda value: moments.ago(value, *_place()),
        markdown=markdown.to_html,
        initials=initials,
        handle=lambda name: "".join(name.split()),
        hue=hue,
        keys=keys,
    )
    environment.globals.update(
        asset=static.url,
        hidden=lambda: submission.hidden(_rendering.get().request),
        hidden_fields=_hidden_fields,
        now=lambda: _rendering.get().now,
        nothing=Form(),
    )


@contextlib.contextmanager
def shown_to(request: web.Request, known: Viewer, *, frame: bool = False) -> Iterator[None]:
    """Render for this viewer, as of now; a frame, with gaps for what is of one answer only."""
    token = _rendering.set(_Rendering(request, known, datetime.now(UTC), frame))
    try:
        yield
    finally:
        _rendering.reset(token)


def initials(name: str) -> str:
    """One or two letters that stand for a person."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1])).upper()


def hue(identity: str) -> int:
    """The colour of a person or project, always the same."""
    return zlib.crc32(identity.encode()) % HUES


def hidden_fields(request: web.Request) -> Markup:
    """What stands in every form that posts."""
    return _FIELDS.format(**submission.hidden(request))


def _hidden_fields() -> Markup:
    rendering = _rendering.get()
    # The mark of a gap is markup of our own.
    return Markup(GAP) if rendering.frame else hidden_fields(rendering.request)  # noqa: S704  # nosec B704


def keys(text: str) -> Markup:
    """A sentence as HTML in which no task's key breaks at its hyphen."""
    return Markup().join(_WHOLE.format(part) if at % 2 else part for at, part in enumerate(_KEY.split(text)))


def _place() -> tuple[Viewer, datetime]:
    rendering = _rendering.get()
    return rendering.viewer, rendering.now
