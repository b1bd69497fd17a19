"""Loopback ports of the private servers and services, the same at each start where they are still free."""

import json
import random
import socket
import sys
from pathlib import Path

from punctual.commands.local.directory import read_json, write_private
from punctual.commands.local.errors import LocalError

# Below the kernel's ephemeral range: a client that keeps trying a stopped server's port from within
# that range can end up connected to itself, and then the server can't have its port back.
FIRST, LAST = 18000, 31999


class Ports:
    """Named ports, remembered in a file that several objects of a process share."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def known(self, name: str) -> int | None:
        return read_json(self._path).get(name)

    def free(self, name: str) -> int:
        """The remembered port when nobody else took it, otherwise a new one."""
        known = read_json(self._path)
        port = known.get(name)
        if port is None or not is_free("127.0.0.1", port):
            port = _choose(set(known.values()))
            write_private(self._path, json.dumps({**known, name: port}, indent=2) + "\n")
        return port


def _choose(taken: set[int]) -> int:
    for port in random.sample(range(FIRST, LAST + 1), LAST + 1 - FIRST):
        if port not in taken and is_free("127.0.0.1", port) and _reserve(port):
            return port
    raise LocalError(f"No loopback port between {FIRST} and {LAST} is free. End some programs and try again.")


def _reserve(port: int) -> bool:
    """Whether no other process of this machine has chosen it, whose server doesn't listen yet.

    What is reserved stays so until this process ends.
    """
    if not sys.platform.startswith("linux"):
        return True
    mark = socket.socket(socket.AF_UNIX)
    try:
        mark.bind(f"\0punctual-port-{port}")
    except OSError:
        mark.close()
        return False
    mark.detach()
    return True


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(address)
    except OSError:
        return False
    return True


def answers(port: int) -> bool:
    """Whether something listens on this loopback port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
