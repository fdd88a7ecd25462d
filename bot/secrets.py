"""What people type that nobody may read again: sealed at the door, before any handler sees it."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import SECRET, Form, Input
from bot.turn import Answers, Mistake, Submission, Turn
from bot.vault import Vault

NO_KEYS = (
    "I can't keep a token safely here yet: whoever runs Hone has to set HONE_SECRET_KEYS "
    "(“python app.py key” makes one)."
)


def asks_for_secrets(form: Form) -> bool:
    """Whether an answer of the form will have to be sealed."""
    return any(isinstance(field, Input) and field.is_secret for field in form.fields)


def with_sealed_answers(turn: Turn, vault: Vault | None) -> Turn:
    """Return the turn with its secret answers sealed; raises Mistake where there are no keys."""
    if not isinstance(turn.intent, Submission):
        return turn
    given = turn.intent.answers.given
    secret = [name for name in given if name.startswith(SECRET)]
    if not secret:
        return turn
    if vault is None:
        raise Mistake(NO_KEYS)
    sealed = {
        name: tuple(vault.seal(each.strip()) for each in given[name] if each.strip())
        for name in secret
    }
    return replace(turn, intent=replace(turn.intent, answers=Answers({**given, **sealed})))
