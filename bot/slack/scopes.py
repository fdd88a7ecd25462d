"""What Hone asks to be allowed in Slack, and why; never to read channels.

https://docs.slack.dev/reference/scopes
"""

from __future__ import annotations

SCOPES = (
    "app_mentions:read",  # @Hone in threads, where slash commands do not work
    "channels:read",
    "chat:write",
    "commands",  # slash commands and shortcuts
    "files:read",  # an export that somebody hands to Hone, in its form or in their chat with it
    "groups:read",
    "im:history",  # what people write to Hone alone; never what they write to each other
    "im:write",
    "users:read",  # zone, locale and role
)
OPTIONAL_SCOPES = (
    "chat:write.public",  # digests in public channels without an invitation
    "pins:write",  # what the team improves now stays in sight of its channel
)

REACTION_SCOPES = ("reactions:read",)
"""Asked for only where an emoji is chosen."""


def scopes(reactions: bool) -> list[str]:
    """Return the scopes Hone cannot do without; `reactions`: an emoji offers to log a message."""
    return [*SCOPES, *(REACTION_SCOPES if reactions else ())]
