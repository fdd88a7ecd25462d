"""The local room asks for no password, so no other website may reach it through a browser."""

from __future__ import annotations

import pytest

from bot.hosts import is_this_machine
from bot.local.guard import refusal

HOST = "localhost:3000"
OWN = {"Host": HOST, "Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}


def test_its_own_page_may_do_everything() -> None:
    assert refusal("GET", OWN) is None
    assert refusal("POST", OWN) is None


def test_a_program_on_this_machine_may_too() -> None:
    """Tests and curl send no word of where they come from; no browser of today does that."""
    assert refusal("POST", {"Host": "127.0.0.1:3000"}) is None


@pytest.mark.parametrize(
    "host", ["evil.test", "evil.test:3000", "localhost.evil.test", "10.0.0.1", "", "[", "0.0.0.0"]
)
def test_another_name_for_this_machine_is_refused(host: str) -> None:
    """DNS rebinding: the browser believes it talks to evil.test, and says so in Host."""
    assert refusal("GET", {"Host": host}) is not None


@pytest.mark.parametrize(
    "origin",
    ["https://evil.test", "null", "http://localhost:3001", "https://localhost:3000", ""],
)
def test_another_origin_is_refused(origin: str) -> None:
    assert refusal("POST", OWN | {"Origin": origin}) is not None


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_a_request_across_sites_is_refused(site: str) -> None:
    headers = {"Host": HOST, "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "cors"}
    assert refusal("GET", headers) is not None
    assert refusal("POST", headers) is not None


def test_a_link_from_elsewhere_opens_the_page() -> None:
    """People follow links from a README; that reads nothing out and changes nothing."""
    link = {
        "Host": HOST,
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
    }
    assert refusal("GET", link) is None
    assert refusal("POST", link) is not None
    assert refusal("GET", link | {"Sec-Fetch-Dest": "iframe"}) is not None


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1:80", "[::1]:3000", "[::1]"])
def test_loopback_goes_by_many_names(host: str) -> None:
    assert is_this_machine(host)
