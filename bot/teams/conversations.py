"""How Teams names threads and the messages in them."""

from __future__ import annotations

_THREADED = ("@thread.tacv2", "@thread.skype")
"""How the ids of teams' channels end; those of chats end otherwise."""


def conversation_of(channel: str, thread: str | None) -> str:
    """Return Teams' id of a channel's thread; `thread` may name any message in it.

    Chats of people and of meetings have no threads: what is sent to one there is refused.
    """
    if not thread or not channel.endswith(_THREADED):
        return channel
    return f"{channel};messageid={root_of(thread)}"


def ref_of(conversation: str, message: str) -> str:
    """Return our name of a message: `id`, or `root/id` for an answer in a channel's thread.

    A thread is named by its first message, so an answer alone would not tell where it stands.
    """
    _, _, root = conversation.partition(";messageid=")
    return f"{root}/{message}" if root and root != message else message


def root_of(ref: str) -> str:
    return ref.partition("/")[0]


def message_of(ref: str) -> str:
    return ref.rpartition("/")[2]
