"""The public API as a person's program would use it, through the gateway alone."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")
PASSWORD = "correct horse battery staple"


class Answer:
    """Status, headers and parsed body."""

    def __init__(self, status: int, headers: Mapping[str, str], raw: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body: Any = json.loads(raw) if raw[:1] in (b"{", b"[") else raw.decode()

    def __repr__(self) -> str:
        return f"{self.status} {self.body}"


class ApiClient:
    """One person at the gateway."""

    def __init__(self, url: str, email: str = "") -> None:
        self.url = url
        self.email = email
        self.id = ""
        self.token = ""
        self.refresh_token = ""

    def request(
        self, method: str, path: str, body: Any = None, *, form: dict[str, str] | None = None, **headers: str
    ) -> Answer:
        """One request; header names use underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        data = None
        if form is not None:
            data = urllib.parse.urlencode(form).encode()
        elif body is not None:
            data = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(self.url + path, data, sent, method=method)  # noqa: S310 - our own gateway
        try:
            with urllib.request.urlopen(request, timeout=40) as response:  # noqa: S310 - our own gateway
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def get(self, path: str, expect: int = 200) -> Any:
        """The body of a GET, its status checked."""
        return self._checked("GET", path, None, expect)

    def post(self, path: str, body: Any = None, expect: int = 201) -> Any:
        """The body of a POST, its status checked."""
        return self._checked("POST", path, body, expect)

    def put(self, path: str, body: Any = None, expect: int = 200) -> Any:
        """The body of a PUT, its status checked."""
        return self._checked("PUT", path, body, expect)

    def patch(self, path: str, body: Any, expect: int = 200) -> Any:
        """The body of a PATCH, its status checked."""
        return self._checked("PATCH", path, body, expect)

    def delete(self, path: str, expect: int = 204) -> Any:
        """The body of a DELETE, its status checked."""
        return self._checked("DELETE", path, None, expect)

    def register(self, name: str, zone: str = "UTC") -> "ApiClient":
        """Register and sign in."""
        body = {"email": self.email, "password": PASSWORD, "display_name": name, "time_zone": zone}
        self.id = self.post("/api/v1/auth/register", body)["id"]
        return self.sign_in()

    def sign_in(self) -> "ApiClient":
        """Get tokens by password."""
        form = {"grant_type": "password", "username": self.email, "password": PASSWORD}
        answer = self.request("POST", "/api/v1/auth/token", form=form)
        assert answer.status == 200, answer
        self.token, self.refresh_token = answer.body["access_token"], answer.body["refresh_token"]
        return self

    def _checked(self, method: str, path: str, body: Any, expect: int) -> Any:
        answer = self.request(method, path, body)
        assert answer.status == expect, f"{method} {path}: {answer}"
        return answer.body


def until(check: Callable[[], T], *, within: float = 20.0) -> T:
    """The first truthy result of `check`. Raises AssertionError after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        result = check()
        if result:
            return result
        assert time.monotonic() < deadline, f"Still not so after {within} s: {result!r}"
        time.sleep(0.05)
