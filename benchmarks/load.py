"""Load from wrk, and what it cost each process."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.flows.stack import Stack

TICKS = 100.0
_LATENCY = re.compile(r"^\s+(50|99)%\s+([\d.]+)(us|ms|s)$", re.MULTILINE)
_SCALE = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of wrk found: requests a second, latencies in ms, CPU ms a request by process."""

    per_second: float
    p50: float
    p99: float
    requests: int
    errors: int
    cpu: Mapping[str, float]


def wrk(stack: Stack, path: str, *, connections: int, seconds: float, script: str) -> Load:
    """Run wrk with a Lua script (method, headers, body) against the gateway. Raises if wrk isn't installed."""
    lua = stack.root / "load.lua"
    lua.write_text(script)
    before = cpu_seconds(stack)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "10s", "--latency", "-s", str(lua)]
    said = subprocess.run([*command, stack.url + path], capture_output=True, text=True, check=True).stdout
    after = cpu_seconds(stack)
    latency = {match[1]: float(match[2]) * _SCALE[match[3]] for match in _LATENCY.finditer(said)}
    requests = int(re.search(r"(\d+) requests in", said)[1])
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    errors = int(refused[1]) if refused else 0
    errors += sum(map(int, broken.groups())) if broken else 0
    cpu = {name: round((after[name] - before.get(name, 0)) * 1000 / max(requests, 1), 3) for name in after}
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
    return Load(rate, latency["50"], latency["99"], requests, errors, cpu)


def script(token: str, method: str = "GET", body: str | None = None) -> str:
    """A Lua script for wrk that sends the same request again and again."""
    lines = [f'wrk.method = "{method}"', f'wrk.headers["Authorization"] = "Bearer {token}"']
    if body is not None:
        lines += ['wrk.headers["Content-Type"] = "application/json"', f"wrk.body = [[{body}]]"]
    return "\n".join(lines)


def cpu_seconds(stack: Stack) -> dict[str, float]:
    """CPU seconds used so far by each process of the stack, its children included."""
    used: dict[str, float] = {}
    for path in (stack.root / "pids").glob("*.pid"):
        used[path.stem] = sum(_cpu(pid) for pid in family(int(path.read_text())))
    return used


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for child in Path(f"/proc/{pid}/task").glob("*/children"):
        for text in _read(child).split():
            found += family(int(text))
    return found


def pss_mib(pid: int) -> float:
    """A process's proportional share of memory."""
    match = re.search(r"^Pss:\s+(\d+) kB", _read(Path(f"/proc/{pid}/smaps_rollup")), re.MULTILINE)
    return int(match[1]) / 1024 if match else 0.0


def _cpu(pid: int) -> float:
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    # Children that ended are counted with their parent (PostgreSQL's backends).
    return sum(int(fields[index]) for index in (11, 12, 13, 14)) / TICKS if fields else 0.0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
