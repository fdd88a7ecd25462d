"""An app package that Teams refuses is found out by an administrator, days later."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from typing import Any

import pytest

from bot.teams.limits import COMMANDS_MAX
from bot.teams.manifest import manifest, package


def described(commands: int = 3) -> dict[str, Any]:
    return manifest(
        app_id="11111111-1111-4111-8111-111111111111",
        version="1.0.0",
        commands={f"command{n}": "Does something" for n in range(commands)},
        website="https://hone.example/",
        shortcuts={"log_improvement": "Log improvement"},
    )


def test_every_scope_lists_the_commands() -> None:
    """Teams on a phone offers commands only where the list is not empty."""
    lists = described()["bots"][0]["commandLists"]
    assert {scope for entry in lists for scope in entry["scopes"]} == {
        "team",
        "groupChat",
        "personal",
    }
    assert all(len(entry["commands"]) == 3 for entry in lists)


def test_more_commands_than_teams_lists_are_refused() -> None:
    with pytest.raises(ValueError, match="13 commands"):
        described(COMMANDS_MAX + 1)


def test_a_message_action_opens_a_form() -> None:
    _, command = described()["composeExtensions"][0]["commands"]
    assert command["id"] == "log_improvement"
    assert (command["context"], command["fetchTask"]) == (["message"], True)


def test_the_package_holds_the_manifest_and_icons_of_the_right_size() -> None:
    archive = zipfile.ZipFile(io.BytesIO(package(described())))
    assert json.loads(archive.read("manifest.json")) == described()
    for name, size in (("color.png", 192), ("outline.png", 32)):
        picture = archive.read(name)
        assert picture.startswith(b"\x89PNG")
        assert struct.unpack(">II", picture[16:24]) == (size, size)


def test_an_icons_pixels_fill_it() -> None:
    picture = zipfile.ZipFile(io.BytesIO(package(described()))).read("outline.png")
    length = struct.unpack(">I", picture[33:37])[0]
    assert len(zlib.decompress(picture[41 : 41 + length])) == 32 * (1 + 32 * 4)


def test_the_same_manifest_gives_the_same_package() -> None:
    assert package(described()) == package(described())
