"""The app manifest to create Hone's Slack app from, in one paste.

https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.adapter import PATH
from bot.slack.install import REDIRECT_PATH
from bot.slack.limits import short
from bot.slack.news import EVENTS as NEWS
from bot.slack.scopes import OPTIONAL_SCOPES, scopes
from bot.slack.spans import RESERVED_COMMANDS, Json

COMMAND_SUMMARY_MAX_CHARS = 2_000
COMMAND_HINT_MAX_CHARS = 1_000
SHORTCUT_NAME_MAX_CHARS = 24
SHORTCUT_SUMMARY_MAX_CHARS = 150

EVENTS = tuple(
    sorted(
        {
            "app_home_opened",
            "app_mention",
            "app_uninstalled",
            "member_joined_channel",
            "message.im",
            "tokens_revoked",
            *NEWS,
        }
    )
)

REACTION_EVENTS = ("reaction_added",)
"""It tells which message, never its words."""

# Callback ids are the names features give their shortcuts.
MESSAGE_SHORTCUTS = {
    "log_improvement": ("Log improvement", "Turn this message into an improvement item")
}

GLOBAL_SHORTCUTS = {"new_improvement": ("Log improvement", "Log what should get better")}
"""In the menu beside the message field, and on phones, wherever somebody is."""


def manifest(
    base_url: str | None, commands: Mapping[str, tuple[str, str]], *, reactions: bool = False
) -> Json:
    """Return the manifest. `commands` maps a command without slash to its summary and a hint.

    `base_url` is where Slack reaches Hone, such as `https://hone.example`; None means Socket Mode.
    `reactions`: an emoji offers to log the message it is given to.
    Raises ValueError for an address that is not https.
    """
    if base_url is not None and not base_url.startswith("https://"):
        raise ValueError("Slack calls https addresses only")
    url = None if base_url is None else base_url.rstrip("/") + PATH
    events = [*EVENTS, *(REACTION_EVENTS if reactions else ())]
    address: Json = {} if url is None else {"url": url}
    request: Json = {} if url is None else {"request_url": url}
    return {
        "_metadata": {"major_version": 1},
        "display_information": {
            "name": "Hone",
            "description": "Refine your backlog where you talk: capture, vote WSJF, weekly health.",
            "long_description": LONG_DESCRIPTION,
            "background_color": "#1F3A5F",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Hone", "always_online": True},
            "shortcuts": [
                {
                    "name": short("shortcut", name, SHORTCUT_NAME_MAX_CHARS),
                    "type": kind,
                    "callback_id": callback_id,
                    "description": short("shortcut", summary, SHORTCUT_SUMMARY_MAX_CHARS),
                }
                for kind, listed in (("global", GLOBAL_SHORTCUTS), ("message", MESSAGE_SHORTCUTS))
                for callback_id, (name, summary) in listed.items()
            ],
            "slash_commands": [
                {
                    "command": f"/{name}",
                    **address,
                    "description": short("summary", summary, COMMAND_SUMMARY_MAX_CHARS),
                    "usage_hint": short("hint", hint, COMMAND_HINT_MAX_CHARS),
                    "should_escape": True,  # people and channels come as ids, not as look-alikes
                }
                for name, (summary, hint) in sorted(commands.items())
                if name not in RESERVED_COMMANDS
            ],
        },
        "oauth_config": {
            **(
                {}
                if base_url is None
                else {"redirect_urls": [base_url.rstrip("/") + REDIRECT_PATH]}
            ),
            "scopes": {"bot": scopes(reactions), "bot_optional": list(OPTIONAL_SCOPES)},
        },
        "settings": {
            "event_subscriptions": {**request, "bot_events": events},
            "interactivity": {"is_enabled": True, **request},
            # Through Slack's own page, which asks a whole organisation only where this is on.
            "org_deploy_enabled": url is not None,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


LONG_DESCRIPTION = (
    "Hone turns a message, a retro insight or a two-line idea into a backlog item without leaving "
    "Slack. Vote WSJF in a channel with hidden ballots, a live count and one reveal. Read one "
    "short backlog-health digest a week, with a chart and the three things to do next. "
    "Type /hone help for every command."
)
