"""Ports of a stack."""

import random
import socket
import subprocess
import sys
from pathlib import Path

from punctual.commands.local.ports import FIRST, LAST, Ports, is_free


def test_a_port_is_the_same_at_the_next_start(tmp_path):
    port = Ports(tmp_path / "ports.json").free("postgres")

    assert Ports(tmp_path / "ports.json").free("postgres") == port


def test_a_port_that_somebody_took_is_replaced(tmp_path):
    ports = Ports(tmp_path / "ports.json")
    port = ports.free("postgres")

    with socket.create_server(("127.0.0.1", port)):
        other = ports.free("postgres")

    assert other != port
    assert ports.known("postgres") == other


def test_names_never_share_a_port(tmp_path):
    ports = Ports(tmp_path / "ports.json")

    assert len({ports.free(f"service-{number}") for number in range(20)}) == 20


def test_ports_lie_below_those_the_kernel_gives_to_clients():
    first_of_kernel = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])

    assert FIRST < LAST < first_of_kernel


def test_a_file_cut_short_by_a_crash_is_begun_anew(tmp_path):
    (tmp_path / "ports.json").write_text('{"postgres": 20')

    assert FIRST <= Ports(tmp_path / "ports.json").free("postgres") <= LAST


def test_a_host_that_is_not_ours_is_not_free():
    assert not is_free("192.0.2.1", 18000)


def test_two_stacks_that_choose_at_once_choose_different_ports(tmp_path, monkeypatch):
    choose = "import pathlib, random, sys; from punctual.commands.local import ports; random.seed(7);"
    choose += "print(ports.Ports(pathlib.Path(sys.argv[1])).free('gateway'), flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", choose, str(tmp_path / "other.json")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        theirs = int(other.stdout.readline())
        monkeypatch.setattr(random, "sample", lambda numbers, _: [theirs, *numbers])

        assert Ports(tmp_path / "mine.json").free("gateway") != theirs
