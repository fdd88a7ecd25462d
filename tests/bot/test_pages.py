"""The pages that Slack's and Teams' listings link to."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import pages
from bot.teams.manifest import manifest

LINKED = manifest(
    app_id="", version="", commands={}, website="https://hone.example/", shortcuts={}
)["developer"]


@pytest.mark.parametrize("link", [link for name, link in LINKED.items() if name.endswith("Url")])
async def test_a_listing_can_link_to_it(link: str) -> None:
    """Whoever reviews an app opens each of them."""
    path = urlsplit(link).path
    app = web.Application()
    app.add_routes(pages.routes())
    async with TestClient(TestServer(app)) as client:
        response = await client.get(path)
        assert response.status == 200
        assert "Hone" in await response.text()
