"""Does a verified payload have the shape Slack documents? Bolt answers 500 to one that has not."""

from __future__ import annotations

from bot.slack.body import Malformed
from bot.slack.spans import Json

_OBJECTS = ("event", "view", "message", "container")
_OBJECTS_OR_IDS = ("team", "user", "channel", "enterprise")
_NAMED = {
    "shortcut": "callback_id",
    "message_action": "callback_id",
    "url_verification": "challenge",
}


def check_shape(body: Json) -> None:
    """Raise Malformed unless the parts by which payloads are sorted are there and of their type."""
    for key in _OBJECTS:
        _must(isinstance(body.get(key), dict | None))
    for key in _OBJECTS_OR_IDS:
        _must(isinstance(body.get(key), dict | str | None))
    for key in ("authorizations", "actions", "response_urls"):
        listed = body.get(key) or []
        _must(isinstance(listed, list) and all(isinstance(each, dict) for each in listed))
    _must("command" in body or "ssl_check" in body or isinstance(body.get("type"), str))
    _check_kind(body)


def _check_kind(body: Json) -> None:
    match body.get("type"):
        case None:
            _must(isinstance(body.get("command", ""), str))
        case "event_callback":
            _must(isinstance((body.get("event") or {}).get("type"), str))
        case "block_actions":
            actions = body.get("actions") or []
            _must(bool(actions))
            _must(all(isinstance(each.get("action_id"), str) for each in actions))
        case "view_submission":
            _must(isinstance((body.get("view") or {}).get("callback_id"), str))
        case str(kind) if kind in _NAMED:
            _must(isinstance(body.get(_NAMED[kind]), str))


def _must(holds: bool) -> None:
    if not holds:
        raise Malformed("not a shape Slack sends")
