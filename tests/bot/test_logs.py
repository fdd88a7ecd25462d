"""The log is one JSON object a line, whoever writes it, and never holds what people typed."""

from __future__ import annotations

import json
import subprocess
import sys

SECRET = "what somebody typed"

WRITES = f"""
import asyncio, logging, threading, warnings
from bot.logs import log_what_nobody_awaits, write_json
write_json()
def fail():
    raise ValueError("{SECRET}")
try:
    fail()
except ValueError:
    logging.getLogger("library").exception("Error handling %s\\nand more", "{SECRET}")
warnings.warn("old")
threading.Thread(target=fail).start()
class Left:
    def __del__(self):
        fail()
Left()
async def main():
    log_what_nobody_awaits(asyncio.get_running_loop())
    async def forgotten():
        fail()
    asyncio.create_task(forgotten())
    await asyncio.sleep(0)
asyncio.run(main())
import gc; gc.collect()
fail()
"""


def test_every_line_is_an_object_whatever_goes_wrong() -> None:
    """Who reads logs by machine loses a traceback, and who keeps them must not keep people's words.

    A library's message, a warning, a thread, a destructor, a forgotten task and a crash.
    """
    ended = subprocess.run([sys.executable, "-c", WRITES], capture_output=True, text=True)
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert SECRET not in ended.stderr
    events = [line["event"] for line in lines]
    expected = {"library", "thread_failed", "unraisable", "nobody_awaited", "crashed"}
    assert set(events) == expected
    assert all("event" in line and "level" in line and "timestamp" in line for line in lines)
    assert {line["error"] for line in lines if "error" in line} == {"ValueError"}
