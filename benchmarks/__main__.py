"""`python -m benchmarks [SUITE …]`: run, print a table, write benchmarks/results/<time>.json and .md."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.limits import LIMITS
from benchmarks.rows import Row
from benchmarks.scene import fill, scene
from benchmarks.suites import SUITES
from tests.flows.stack import fresh_stack

RESULTS = Path(__file__).parent / "results"


def main() -> int:
    """Run the suites named, or all; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    names = [*SUITES, "limits"]
    parser.add_argument("suites", nargs="*", metavar="suite", help=f"of: {', '.join(names)} (default: all)")
    parser.add_argument("--seconds", type=float, default=8, help="length of each run of load (default: 8)")
    parser.add_argument("--passes", type=int, default=2, help="runs of each suite that allows it (default: 2)")
    arguments = parser.parse_args()
    _need_wrk()
    wanted = arguments.suites or names
    if unknown := [name for name in wanted if name not in names]:
        parser.error(f"there is no suite {unknown[0]}; there are {', '.join(names)}")
    rows: list[Row] = []
    began = time.monotonic()
    with fresh_stack("bench", PUNCTUAL_RATE_LIMIT="off") as stack:
        cold = time.monotonic() - began
        place = scene(stack)
        fill(place, 10_000)
        for name in wanted:
            once = name in ("growth", "reminders", "memory", "limits")
            for _ in range(1 if once else arguments.passes):
                runs = [limit(stack, arguments.seconds) for limit in LIMITS] if name == "limits" else []
                runs = runs or [SUITES[name](place, arguments.seconds)]
                for row in (row for run in runs for row in run):
                    _say(row)
                    rows.append(row)
        stack.stop()
        warm = stack.start()
        rows.append(Row("make run to ready, warm", "s", round(warm, 1)))
        _say(rows[-1])
        rows.append(Row("make run to ready, cold", "s", round(cold, 1)))
    _write(rows)
    return 0


def _need_wrk() -> None:
    if shutil.which("wrk") is None and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "-y", "-qq", "wrk"], check=False, stdout=subprocess.DEVNULL)
    if shutil.which("wrk") is None:
        sys.exit("benchmarks: wrk is needed; install it (apt-get install wrk).")


def _say(row: Row) -> None:
    print(f"{row.what:<55} {row.value:>10,.1f} {row.unit:<6} {json.dumps(row.details)}", flush=True)


def _write(rows: list[Row]) -> None:
    RESULTS.mkdir(exist_ok=True)
    stamp = time.strftime("%Y-%m-%dT%H%M")
    cpu = subprocess.run(["nproc"], capture_output=True, text=True, check=True).stdout.strip()
    found = {"at": stamp, "cores": cpu, "python": sys.version.split()[0], "rows": [asdict(row) for row in rows]}
    (RESULTS / f"{stamp}.json").write_text(json.dumps(found, indent=1) + "\n")
    table = ["| what | value | p50 ms | p99 ms | errors |", "|---|---:|---:|---:|---:|"]
    for row in rows:
        details = [row.details.get(name, "") for name in ("p50", "p99", "errors")]
        table.append(f"| {row.what} | {row.value:,} {row.unit} | {' | '.join(map(str, details))} |")
    (RESULTS / f"{stamp}.md").write_text("\n".join(table) + "\n")


sys.exit(main())
