"""Files that people send to Hone in their own chat: Teams keeps them in SharePoint.

The address is good for minutes and needs no token; it may lead to SharePoint alone.
https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.documents import Attached, host_of, is_table
from bot.teams.shapes import as_dict, as_list, as_text
from bot.text import clean

FILE_TYPE: Final = "application/vnd.microsoft.teams.file.download.info"

FILE_HOSTS: Final = (".sharepoint.com", ".sharepoint.us", ".sharepoint-mil.us")
"""Where companies' files lie: the public cloud and GCC, GCC High, DoD."""

WAIT_S: Final = 7.0
"""How long a message waits for its files: Teams lets 10 to 15 seconds pass."""


def holds_files(url: str) -> bool:
    """Tell whether an address lies in SharePoint."""
    return (host_of(url) or "").endswith(FILE_HOSTS)


def tables(message: Mapping[str, Any]) -> tuple[Attached, ...]:
    """Return the files beside a message that may hold a backlog."""
    files = (each for each in map(as_dict, as_list(message.get("attachments"))))
    return tuple(
        Attached(name, as_text(as_dict(file.get("content")).get("downloadUrl")))
        for file in files
        if file.get("contentType") == FILE_TYPE
        and is_table(name := clean(as_text(file.get("name"))))
    )
