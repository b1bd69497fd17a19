"""Forms: what was typed stays typed, and what is wrong with it stands at its field."""

from collections.abc import Mapping
from typing import Any, Self

from aiohttp import web

from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.submission import SUBMITTED


class Form:
    """The fields of a form by name, their `errors`, and a `fault` that belongs to none of them."""

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self._values = {name: "" if value is None else value for name, value in (values or {}).items()}
        self.errors: dict[str, list[str]] = {}
        self.fault = ""
        self.status = 200

    @classmethod
    def of(cls, request: web.Request) -> Self:
        """What was sent."""
        submitted = request[SUBMITTED]
        lists = {name: submitted.getall(name) for name in submitted}
        return cls({name: values if len(values) > 1 else values[0] for name, values in lists.items()})

    def __getitem__(self, name: str) -> str:
        """What was typed; empty for a field that wasn't sent."""
        value = self._values.get(name, "")
        return str(value[-1] if isinstance(value, list) else value)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def several(self, name: str) -> list[str]:
        """What was chosen in a field of several."""
        value = self._values.get(name, [])
        return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []

    def text(self, *names: str) -> dict[str, str]:
        """These fields as typed, as the body of a request."""
        return {name: self[name] for name in names}

    def reject(self, problem: Problem, *fields: str) -> None:
        """Note a refusal: at the fields that this form shows, the rest above all of them."""
        self.status = problem.status
        self.errors = {name: said for name, said in problem.errors.items() if name in fields}
        rest = [f"{name}: {' '.join(said)}" for name, said in problem.errors.items() if name not in fields]
        if rest or not self.errors:
            self.fault = " ".join(rest) if rest else problem.detail
