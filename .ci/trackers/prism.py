"""A vendor's own document between an adapter and its fake: Prism checks both by it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

STARTS_S = 60.0


@asynccontextmanager
async def judged_by(
    document: str, prism: str, fake: str, *, strict: bool = True
) -> AsyncIterator[str]:
    """Start the proxy before a fake at `host:port`; give its own `host:port`.

    It refuses what is not as the document says; unless `strict` a header of each answer tells it.
    """
    port = free_port()
    proxy = await asyncio.create_subprocess_exec(
        *(prism, "proxy", document, f"http://{fake}"),
        *(("--errors",) if strict else ()),
        *("--port", str(port), "--host", "127.0.0.1"),
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        await listening(port)
        yield f"127.0.0.1:{port}"
    finally:
        proxy.terminate()
        await proxy.wait()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def listening(port: int) -> None:
    async with asyncio.timeout(STARTS_S):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.5)
            else:
                writer.close()
                return
