"""What a web process tells of itself when it is asked by a signal."""

import json
import subprocess
import sys

PROCESS = """
import asyncio, os, signal
from punctual.commands.at_work import tell_on_signal
from punctual.kit import logs

async def linger():
    await asyncio.sleep(60)

async def main():
    tell_on_signal()
    lingering = [asyncio.create_task(linger()) for _ in range(3)]
    os.kill(os.getpid(), signal.SIGUSR1)
    await asyncio.sleep(0.1)

logs.configure("gateway", "warning")
asyncio.run(main())
"""


def test_its_tasks_are_counted_by_what_they_do() -> None:
    said = subprocess.run([sys.executable, "-c", PROCESS], check=True, capture_output=True, text=True).stderr

    assert json.loads(said)["tasks"] == {"linger": 3, "main": 1}
