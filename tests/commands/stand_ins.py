"""A local stack whose processes are stand-ins: the supervisor is real, what it runs only pretends."""

import http.server
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from punctual.commands.local.command import run
from punctual.commands.local.lineup import Tiers
from punctual.commands.local.processes import Command


class Answer(http.server.BaseHTTPRequestHandler):
    """The gateway's health."""

    def do_GET(self):
        self.send_response(200 if self.path == "/health/ready" else 404)
        self.end_headers()


def gateway():
    http.server.HTTPServer(("127.0.0.1", int(os.environ["PUNCTUAL_PORT"])), Answer).serve_forever()


def worker():
    sys.stdout.write("works\n")
    while True:
        time.sleep(60)


def migrate():
    sys.stdout.write("no such table: task\n")
    return int(os.environ.get("STAND_IN_MIGRATION_STATUS", "0"))


def commands(environment: Mapping[str, str]) -> Tiers:
    return [[stand_in("worker", "worker-1", environment)], [stand_in("gateway", "gateway", environment)]]


def migration(environment: Mapping[str, str]) -> Command:
    return stand_in("migrate", "migrate", environment)


def stand_in(role: str, name: str, environment: Mapping[str, str]) -> Command:
    return Command(name, [sys.executable, "-m", "tests.commands.stand_ins", role], environment)


def main(role: str, *arguments: str) -> int:
    if role == "stack":
        # Whoever runs the tests with nohup must not decide what they test.
        signal.signal(signal.SIGHUP, signal.SIG_IGN if "STAND_IN_NOHUP" in os.environ else signal.SIG_DFL)
        return run(Path(arguments[0]), commands, migration)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    return {"gateway": gateway, "worker": worker, "migrate": migrate}[role]() or 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
