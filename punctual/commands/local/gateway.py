"""Asking the gateway from outside whether the system is ready."""

import http.client
import json
from collections.abc import Mapping

from punctual.commands.local.errors import LocalError
from punctual.commands.local.ports import is_free

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - where to ask, not where to listen


class Gateway:
    """The gateway's address as the environment gives it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.host = environment.get("PUNCTUAL_HOST") or "127.0.0.1"
        self.port = int(environment.get("PUNCTUAL_PORT") or 8080)
        self.public_url = environment.get("PUNCTUAL_PUBLIC_URL") or f"http://localhost:{self.port}"
        self.answer = "it did not answer at all"

    def expect_free_port(self) -> None:
        """Raises LocalError when another program listens there."""
        if not is_free(self.host, self.port):
            raise LocalError(
                f"Port {self.port} on {self.host} is taken. Choose another one: "
                f"PUNCTUAL_PORT={self.port + 1} make run. Or find who has it: ss -ltnp 'sport = :{self.port}'"
            )

    def ready(self) -> bool:
        """Whether /health/ready says yes; `answer` keeps what it said last."""
        connection = http.client.HTTPConnection(EVERYWHERE.get(self.host, self.host), self.port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            response = connection.getresponse()
            self.answer = _short(response.read(20_000))
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return response.status == http.client.OK


def _short(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body))
    except ValueError:
        return body.decode(errors="replace").strip()[:500]
