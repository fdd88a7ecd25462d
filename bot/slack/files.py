"""Files in Slack: chosen in a form or sent along with a message, and fetched from Slack alone."""

from __future__ import annotations

from collections.abc import Sequence

from bot.documents import Attached, is_table
from bot.platform import SendError
from bot.slack.client import SlackApi
from bot.slack.spans import Json
from bot.text import clean

FORM_WAIT_S = 1.0
"""How long a sent form waits for its file: Slack lets three seconds pass, the database needs some.

What arrives later goes on in the person's chat.
"""

MESSAGE_WAIT_S = 20.0
"""How long a message waits for its files. Slack tells it again meanwhile, which changes nothing."""

_GONE = ("tombstone", "hidden_by_limit")


def chosen(view: Json) -> tuple[Json, ...]:
    """Return the files that were chosen in a view's fields."""
    elements = (each for block in view["state"]["values"].values() for each in block.values())
    return tuple(
        file
        for each in elements
        if each["type"] == "file_input"
        for file in each.get("files") or ()
        if isinstance(file, dict)
    )


def tables(message: Json) -> tuple[Json, ...]:
    """Return the files beside a message that may hold a backlog."""
    files = message.get("files")
    listed = files if isinstance(files, list) else ()
    return tuple(f for f in listed if isinstance(f, dict) and (is_table(_name(f)) or _is_unseen(f)))


def _name(file: Json) -> str:
    return clean(str(file.get("name") or file.get("title") or ""))


def _is_unseen(file: Json) -> bool:
    """Whether Slack tells of a file's id only, as it does of another company's."""
    return file.get("file_access") == "check_file_info"


async def announced(api: SlackApi, files: Sequence[Json]) -> list[Attached]:
    """Return the files as Slack announces them; of some it has to be asked."""
    return [await _announced(api, file) for file in files]


async def _announced(api: SlackApi, file: Json) -> Attached:
    if _is_unseen(file):
        try:
            file = (await api.read("files.info", file=str(file.get("id") or "")))["file"]
        except (SendError, KeyError):
            return Attached("", refused="Slack doesn't let me see that file. Paste its rows, or "
                                        "send it to me in our own chat.")  # fmt: skip
    name = _name(file)
    shown = Attached(name).shown
    if file.get("mode") in _GONE:
        return Attached(name, refused=f"{shown} is no longer in Slack. Please send it again.")
    if file.get("is_external"):
        why = f"{shown} lies outside Slack. Download it there, and send me the file itself."
        return Attached(name, refused=why)
    size = file.get("size")
    return Attached(
        name,
        str(file.get("url_private_download") or file.get("url_private") or ""),
        size if isinstance(size, int) else None,
    )
