"""What Slack tells of channels and people that nobody asked about. Pure.

https://docs.slack.dev/reference/events
"""

from __future__ import annotations

from dataclasses import replace

from bot.news import ChannelMoved, ChannelRenamed, News, PersonCame, PersonChanged, PersonLeft
from bot.slack.intents import Myself
from bot.slack.people import described
from bot.slack.read import channel_name, text_id
from bot.slack.spans import Json

EVENTS = (
    "channel_id_changed",
    "channel_rename",
    "group_rename",
    "member_joined_channel",
    "member_left_channel",
    "user_change",
)


def news_of(happened: Json, myself: Myself, team: str) -> News | None:
    """Return what an event tells to the workspace `team`; None for one that tells no news."""
    match happened["type"]:
        case "channel_rename" | "group_rename":
            renamed = happened["channel"]
            return ChannelRenamed(text_id(renamed["id"]), channel_name(renamed["name"]))
        case "channel_id_changed":
            return ChannelMoved(
                text_id(happened["old_channel_id"]), text_id(happened["new_channel_id"])
            )
        case "user_change":
            user = happened["user"]
            locale = str(user.get("locale") or "")
            return PersonChanged(replace(described(user, team), locale=locale))
        case "member_left_channel" if happened["user"] != myself.user:
            return PersonLeft(text_id(happened["channel"]), text_id(happened["user"]))
        case "member_joined_channel" if happened["user"] != myself.user:
            return PersonCame(text_id(happened["channel"]), text_id(happened["user"]))
        case _:
            return None
