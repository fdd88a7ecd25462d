"""What Teams tells of channels, chats and their members that nobody asked about. Pure.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events
"""

from __future__ import annotations

from bot.news import ChannelRenamed, PersonCame, PersonLeft
from bot.teams.read import Delivery
from bot.teams.shapes import as_dict, as_text
from bot.text import clean


def new_name(delivery: Delivery) -> ChannelRenamed | None:
    """Return what a channel or a chat is called from now on, if the delivery tells.

    A team's first channel is called as the team, and has its id.
    """
    data = as_dict(delivery.body.get("channelData"))
    match delivery.event:
        case "channelRenamed":
            renamed = as_dict(data.get("channel"))
        case "teamRenamed":
            renamed = as_dict(data.get("team"))
        case _:
            renamed = {"id": delivery.place.channel, "name": delivery.body.get("topicName")}
    channel, name = as_text(renamed.get("id")), clean(as_text(renamed.get("name")))
    return ChannelRenamed(channel, name) if channel and name else None


def movements(delivery: Delivery, channel: str) -> list[PersonCame | PersonLeft]:
    """Return who came into a channel and who left it."""
    return [
        *(PersonCame(channel, who) for who in sorted(delivery.added)),
        *(PersonLeft(channel, who) for who in sorted(delivery.removed)),
    ]
