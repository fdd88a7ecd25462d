"""The Teams app package: what Teams must know of Hone before anybody can install it."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from bot.teams import search as search_names
from bot.teams.limits import COMMANDS_MAX
from bot.teams.spans import Json

MANIFEST_VERSION = "1.30"
ACCENT = (31, 58, 95)
COLOR_ICON_PX = 192
OUTLINE_ICON_PX = 32

Pixel = tuple[int, int, int, int]


def manifest(
    *,
    app_id: str,
    version: str,
    commands: Mapping[str, str],
    website: str,
    shortcuts: Mapping[str, str],
) -> Json:
    """Return the app manifest.

    `commands` is name → one line on what it does, `shortcuts` the same for message actions as
    id → title. `website` (https) is where people find support; its pages `/about`, `/privacy`
    and `/terms` must exist. Raises ValueError past COMMANDS_MAX.
    """
    if len(commands) > COMMANDS_MAX:
        raise ValueError(f"{len(commands)} commands, over {COMMANDS_MAX}")
    site = website.rstrip("/")
    return {
        "$schema": (
            "https://developer.microsoft.com/json-schemas/teams/"
            f"v{MANIFEST_VERSION}/MicrosoftTeams.schema.json"
        ),
        "manifestVersion": MANIFEST_VERSION,
        "version": version,
        "id": app_id,
        "developer": {
            "name": "Hone",
            "websiteUrl": f"{site}/about",
            "privacyUrl": f"{site}/privacy",
            "termsOfUseUrl": f"{site}/terms",
        },
        "name": {"short": "Hone", "full": "Hone: refine the backlog where the team talks"},
        "description": {
            "short": "Capture improvements, vote WSJF blind, follow the backlog's health.",
            "full": (
                "Turn a message or a short idea into a backlog item, vote WSJF with hidden ballots "
                "and one reveal, refine items together, and read one backlog-health digest a week. "
                "Type help to see every command."
            ),
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#{:02X}{:02X}{:02X}".format(*ACCENT),
        "defaultInstallScope": "team",
        "defaultGroupCapability": {"team": "bot", "groupchat": "bot"},
        "bots": [_bot(app_id, commands)],
        "composeExtensions": [_beside_messages(app_id, shortcuts)],
        "validDomains": [],
    }


def _bot(app_id: str, commands: Mapping[str, str]) -> Json:
    listed = [{"title": name, "description": what} for name, what in commands.items()]
    return {
        "botId": app_id,
        "scopes": ["personal", "team", "groupChat"],
        "isNotificationOnly": False,
        "supportsFiles": True,
        "commandLists": [
            {
                "scopes": ["team", "groupChat"],
                "triggers": ["mention", "slash"],
                "commands": listed,
            },
            {"scopes": ["personal"], "commands": listed},
        ],
    }


def _beside_messages(app_id: str, shortcuts: Mapping[str, str]) -> Json:
    """Return the search in the box where people write, and the actions in a message's menu."""
    search = {
        "id": search_names.COMMAND,
        "type": "query",
        "title": "Find an item",
        "description": "Find an item of the backlog and put its card into your message",
        "context": ["compose", "commandBox"],
        "triggers": ["slash"],
        "initialRun": True,
        "parameters": [
            {
                "name": search_names.WORDS,
                "title": "Words or number",
                "description": "Words of its title, its owner, a #theme, or its number",
                "inputType": "text",
            }
        ],
    }
    return {
        "botId": app_id,
        "commands": [
            search,
            *(
                {
                    "id": id,
                    "type": "action",
                    "title": title,
                    "description": f"{title} from this message",
                    "context": ["message"],
                    "fetchTask": True,
                }
                for id, title in shortcuts.items()
            ),
        ],
    }


def package(described: Json) -> bytes:
    """Return the zip to upload: manifest and icons. The same input gives the same bytes."""
    files = {
        "manifest.json": json.dumps(described, indent=2, ensure_ascii=False).encode(),
        "color.png": png(COLOR_ICON_PX, color_icon),
        "outline.png": png(OUTLINE_ICON_PX, outline_icon),
    }
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return zipped.getvalue()


# --- icons: three rising bars ---


def color_icon(x: float, y: float) -> Pixel:
    """White bars on the accent colour, to the edges as Teams asks."""
    return (255, 255, 255, 255) if _in_a_bar(x, y) else (*ACCENT, 255)


def outline_icon(x: float, y: float) -> Pixel:
    """White bars on nothing: Teams allows no other colour there."""
    return (255, 255, 255, 255) if _in_a_bar(x, y) else (255, 255, 255, 0)


def _in_a_bar(x: float, y: float) -> bool:
    """Tell whether a point of the unit square, from its upper left, lies in one of the bars."""
    bars = ((0.22, 0.58), (0.42, 0.42), (0.62, 0.25))
    return any(left <= x < left + 0.14 and top <= y < 0.77 for left, top in bars)


def png(size: int, paint: Callable[[float, float], Pixel]) -> bytes:
    """Return a square PNG; `paint` is asked for the middle of each pixel in the unit square."""
    rows = (
        # Each row starts with its filter: 0, none.
        b"\0" + bytes(part for x in range(size) for part in paint((x + 0.5) / size, y))
        for y in ((row + 0.5) / size for row in range(size))
    )
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)  # 8 bits each of RGBA
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(b"".join(rows), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
