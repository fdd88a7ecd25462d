"""The pages that Slack's and Teams' listings link to."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import pages


@pytest.mark.parametrize("path", ["/privacy", "/terms"])
async def test_a_listing_can_link_to_it(path: str) -> None:
    app = web.Application()
    app.add_routes(pages.routes())
    async with TestClient(TestServer(app)) as client:
        response = await client.get(path)
        assert response.status == 200
        assert "Hone" in await response.text()
