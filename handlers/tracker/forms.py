"""The forms of a tracker: how Hone is let in, what is followed, what its words mean, who is who."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.cards import SECRET, Choice, Field, Form, Input, Note, Option, subtle, text
from bot.remote import Scope
from bot.text import alike
from bot.trackers.kinds import SIGN_IN, TOKEN, Asked, Kind, from_kept
from bot.turn import Answers
from handlers.phrases import counted, shortened
from handlers.sources.asking import Words, word_choices
from handlers.tracker import fields, plans
from handlers.tracker.actions import (
    Choose,
    ChooseSite,
    Connect,
    End,
    SaveMapping,
    SaveTwins,
)
from handlers.tracker.cards import Followed, a
from handlers.tracker.told import Told
from storage.items import Item
from storage.teams import Team
from storage.trackers import TrackerSite

OFFERED_MAX: Final = 100
"""A choice has at most so many options on Slack."""

ANSWER_MAX_CHARS: Final = 3_000
SEALED_MAX_CHARS: Final = 8_000
"""What is sealed takes more room than what was typed."""

KEEP, DELETE = "keep", "delete"


def field_of(asked: Asked) -> str:
    """Return the id of the field that asks for something."""
    return f"{SECRET}{asked.id}" if asked.secret else asked.id


def connect(
    kind: Kind,
    team: Team,
    given: Mapping[str, str],
    known: TrackerSite | None = None,
    sign_in: int = 0,
) -> Form:
    """Ask what lets Hone in, as far as it is not `given`; a `known` site gets another token.

    It may be asked in the place of a `sign_in`.
    """
    kept = {*from_kept(known.sealed)} if known else set()
    kept |= {TOKEN.id} if SIGN_IN in kept else set()
    asked = [
        _asked(each, given, kept=each.id in kept)
        for each in kind.asks
        if not (known and each.id == "site")
    ]
    first = f"For {shortened(team.name, 60)}. Nothing is brought in yet."
    if known:
        first = f"For {known.site}. What is followed there goes on with it."
    sealed = subtle(
        "A token is sealed as soon as you send it, and nobody is shown it again. I read and write "
        "with the rights of its account: one of its own is best."
    )
    title = shortened(f"Connect {kind.name}", 24)
    return Form(
        title,
        Connect(kind.id, team.id, known.id if known else 0, sign_in),
        (Note(text(first)), *asked, Note(sealed)),
        submit_label="Connect",
    )


def _asked(each: Asked, given: Mapping[str, str], *, kept: bool) -> Input:
    """Ask for one thing; a secret that is kept already may stay as it is."""
    stays = each.secret and kept
    return Input(
        field_of(each),
        each.label,
        "" if each.secret else given.get(each.id, ""),
        multiline=each.lines,
        max_chars=ANSWER_MAX_CHARS,
        optional=each.optional or stays,
        hint="Empty: the one I have stays." if stays else each.hint,
    )


def choose(tracker_id: int, team: Team, kind: Kind, scopes: Sequence[Scope]) -> Form:
    """Ask what a team follows there; where there is too much to list, it can be typed."""
    options = tuple(
        Option(shortened(scope.name, 70) or scope.id, str(place))
        for place, scope in enumerate(scopes[:OFFERED_MAX])
    )
    label = kind.scope.capitalize()
    more = len(scopes) - len(options)
    asked: list[Field] = [Choice("scope", label, options, optional=more > 0)]
    if more > 0:
        hint = f"The first {OFFERED_MAX} of {len(scopes):,} are listed."
        asked.append(
            Input("named", f"Or the name of another {kind.scope}", optional=True, hint=hint)
        )
    note = Note(text(f"What does {shortened(team.name, 60)} follow? I look, and change nothing."))
    return Form(
        shortened(f"Choose {a(kind.scope)}", 24),
        Choose(tracker_id, team.id),
        (note, *asked),
        submit_label="Look at it",
    )


def sites(sign_in: int, kind: Kind, found: Sequence[tuple[str, str]]) -> Form:
    """Ask which of the sites that a sign-in opens is meant; each is its address and its name."""
    options = tuple(
        Option(shortened(name if name == site else f"{name} ({site})", 70), str(place))
        for place, (site, name) in enumerate(found[:OFFERED_MAX])
    )
    return Form(
        shortened(f"Connect {kind.name}", 24),
        ChooseSite(sign_in),
        (Choice("site", "Which one?", options),),
        submit_label="Connect",
    )


def chosen(answers: Answers, scopes: Sequence[Scope]) -> Scope | None:
    """Return the scope that was picked or typed; None if that is none, or several."""
    if named := alike(answers.one("named")):
        same = [scope for scope in scopes if named in (alike(scope.name), alike(scope.id))]
        if not same:
            same = [scope for scope in scopes if named in alike(scope.name)]
        return same[0] if len(same) == 1 else None
    places = {str(place): scope for place, scope in enumerate(scopes[:OFFERED_MAX])}
    return places.get(answers.one("scope"))


def mapping(each: Followed, words: Words, people: Mapping[str, str]) -> Form:
    """Ask what the tracker's words mean here, unexplained ones first, and where scores go."""
    asked = (*plans.choices(each), *word_choices(words, people), *fields.choices(each))
    note = f"What {each.kind.name} calls it, and what that is here. It is remembered."
    return Form(
        "Change mapping",
        SaveMapping(each.scope.id),
        (Note(text(note)), *asked),
        submit_label="Look again",
    )


def twins(each: Followed, items: Mapping[int, Item]) -> Form:
    """Ask which of the new items are items here already."""
    told = each.told
    places = {
        str(place): (number, id, key)
        for place, (number, id, key) in enumerate(told.found.twins)
        if number in items
    }
    options = tuple(
        Option(shortened(f"#{number} is {key}: {items[number].title}", 70), place)
        for place, (number, _, key) in places.items()
    )
    linked = tuple(place for place, (_, id, _) in places.items() if id in told.linked)
    note = text(
        "These have the same title. Tick those that are one and the same: they come in once, and "
        "what is known here stays."
    )
    same = Choice("same", "The same", options, linked, many=True, optional=True)
    return Form("Same items", SaveTwins(each.scope.id), (Note(note), same))


def ticked(answers: Answers, told: Told) -> dict[str, int]:
    """Return the twins that are the same: the id there → the number here."""
    places = set(answers.many("same"))
    return {
        id: number for place, (number, id, _) in enumerate(told.found.twins) if str(place) in places
    }


def end(each: Followed, items: int) -> Form:
    """Ask whether what was read stays."""
    there = each.kind.name
    if not items:
        note = text(f"{each.name} is followed no more. Nothing of it was brought in.")
        return Form("Stop", End(each.scope.id), (Note(note),), submit_label="Stop")
    options = (Option("Stay here", KEEP), Option("Are deleted", DELETE))
    read = Choice("read", f"Title and text of {counted(items, 'item')}", options, (KEEP,))
    note = text(
        f"{each.name} is followed no more, and nothing is written there any more. In {there} "
        "nothing changes."
    )
    return Form("Disconnect", End(each.scope.id), (Note(note), read), submit_label="Disconnect")
