"""Look at every card and form of the gallery where there is little room: on a phone, in a panel.

    PYTHONPATH=. python .ci/narrow.py <folder of npm packages> [<folder for pictures>]

Cards for Teams are drawn by Microsoft's own renderer, npm's `adaptivecards`, with the sizes Teams
uses; cards of the local room by its page and style sheet. No two words may run into each other, and
nothing may stick out or be hidden sideways. Slack lays cards out itself and offers no renderer.
One line is printed for each fault; the exit status is 1 if there is any. `make narrow` runs it.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from bot.cards import Card
from bot.local.adapter import PAGE
from bot.local.forms import form_html
from bot.local.messages import Message
from bot.local.people import PEOPLE, RESIDENTS
from bot.local.room import CHANNELS
from bot.local.screen import Screen, screen_html
from tests.gallery.drawn import ZONE, as_teams
from tests.gallery.played import specimens
from tests.gallery.specimen import Specimen

WIDTHS_PX = (320, 480)
HEIGHT_PX = 900
MEASURE = (Path(__file__).parent / "narrow.js").read_text()

MOST_USED = (
    "wsjf-open",
    "wsjf-ballot",
    "wsjf-result",
    "wsjf-led-ranking",
    "backlog-list",
    "digest-week",
    "capture-form",
    "capture-item",
    "retro-revealed",
    "mypage-full",
    "help-every-command",
)
"""Taken as pictures, where a folder for them is named."""

HOST = {
    "fontFamily": "'Segoe UI', 'DejaVu Sans', sans-serif",
    "supportsInteractivity": True,
    "spacing": {
        "small": 8,
        "default": 12,
        "medium": 16,
        "large": 20,
        "extraLarge": 24,
        "padding": 16,
    },
    "fontSizes": {"small": 12, "default": 14, "medium": 14, "large": 18, "extraLarge": 24},
    "fontWeights": {"lighter": 400, "default": 400, "bolder": 600},
    "lineHeights": {"small": 16, "default": 20, "medium": 20, "large": 24, "extraLarge": 32},
    "actions": {
        "maxActions": 6,
        "buttonSpacing": 8,
        "showCard": {"actionMode": "inline", "inlineTopMargin": 16},
        "actionsOrientation": "horizontal",
        "actionAlignment": "left",
    },
    "table": {"cellSpacing": 8},
}
"""How Teams sets the renderer up, as far as it shows in a card's layout."""

# Around cards Teams breaks words that are too long for a line; buttons keep theirs.
TEAMS_STYLE = """
body { margin: 0; }
#panel { overflow-wrap: anywhere; }
.ac-pushButton {
  padding: 6px 12px; border: 1px solid #888; border-radius: 4px; background: #fff;
  font: 600 12px/16px 'Segoe UI', 'DejaVu Sans', sans-serif; overflow-wrap: normal;
}
.ac-input { box-sizing: border-box; max-width: 100%; }
"""

DRAW_ADAPTIVE = """([described, host]) => {
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = new AdaptiveCards.HostConfig(host);
  card.parse(described);
  document.querySelector('#panel').replaceChildren(card.render());
}"""
OPEN_FORM = """html => {
  const dialog = document.querySelector('#form');
  dialog.insertAdjacentHTML('beforeend', html);
  dialog.showModal();
}"""

Draw = Callable[[Page, Specimen], Awaitable[str]]
"""Draws a specimen on a page and returns the selector of the panel it stands in."""


def main(packages: Path, pictures: Path | None) -> int:
    """Look at everything and return the exit status."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("Chromium is not installed: nothing was looked at.")
        return 0
    drawn = specimens()
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    found = asyncio.run(_looked_at(chromium, drawn, packages, pictures))
    print(f"{len(drawn)} cards and forms, {len(WIDTHS_PX)} widths, two renderers: {found} faults")
    return 1 if found else 0


async def _looked_at(
    chromium: str, drawn: Mapping[str, Specimen], packages: Path, pictures: Path | None
) -> int:
    found = 0
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for width in WIDTHS_PX:
            for where, draw in (("teams", await _teams(packages)), ("room", _in_the_room)):
                found += await _at_width(browser, width, where, draw, drawn, pictures)
        await browser.close()
    return found


async def _at_width(
    browser: Browser,
    width: int,
    where: str,
    draw: Draw,
    drawn: Mapping[str, Specimen],
    pictures: Path | None,
) -> int:
    page = await browser.new_page(viewport={"width": width, "height": HEIGHT_PX})
    await page.emulate_media(reduced_motion="reduce")
    faulty = 0
    for name, specimen in drawn.items():
        panel = await draw(page, specimen)
        faults = await page.evaluate(f"({MEASURE})(document.querySelector('{panel}'))")
        for fault in faults:
            print(f"{where}, {width} px, {name}: {fault}")
        faulty += bool(faults)
        if pictures and name in MOST_USED:
            await page.screenshot(path=pictures / f"{where}-{name}-{width}.png")
    await page.close()
    return faulty


async def _teams(packages: Path) -> Draw:
    dist = packages / "node_modules" / "adaptivecards" / "dist"
    script, style = (
        (dist / name).read_text() for name in ("adaptivecards.min.js", "adaptivecards.css")
    )

    async def draw(page: Page, specimen: Specimen) -> str:
        if await page.locator("#panel").count() == 0:
            await page.set_content(f"<style>{style}{TEAMS_STYLE}</style><div id='panel'></div>")
            await page.add_script_tag(content=script)
        await page.evaluate(DRAW_ADAPTIVE, [_without_charts(as_teams(specimen)), HOST])
        return "#panel"

    return draw


def _without_charts(node: Any) -> Any:
    """Return the card as a client without charts shows it, for this renderer knows none."""
    match node:
        case {"type": str(kind), "fallback": dict(fallback)} if kind.startswith("Chart."):
            return _without_charts(fallback)
        case dict():
            return {name: _without_charts(part) for name, part in node.items()}
        case list():
            return [_without_charts(part) for part in node]
        case _:
            return node


async def _in_the_room(page: Page, specimen: Specimen) -> str:
    match specimen.what:
        case Card() as card:
            await page.set_content(_room([Message("post-1", datetime.now(UTC), card)]))
            return ".scroll"
        case form:
            await page.set_content(_room([]))
            html = form_html(form, specimen.errors, PEOPLE, ZONE, "nonce")
            await page.evaluate(OPEN_FORM, html)
            return "#form"


def _room(messages: list[Message]) -> str:
    """Return the room's page with its style sheet in it, and without its script."""
    style = f"<style>{(PAGE / 'room.css').read_text()}</style>"
    page = screen_html(Screen(RESIDENTS[0], CHANNELS[0], CHANNELS, (), messages, (), (), ""))
    page = page.replace('<script src="/local/room.js" type="module"></script>', "")
    return page.replace('<link rel="stylesheet" href="/local/room.css">', style)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else None))
