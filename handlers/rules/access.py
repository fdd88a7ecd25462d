"""Who may do what: one table, which every feature asks and docs/access.md shows.

A rule names, for each kind of person, the relations of which one is enough. What relations
somebody has is looked up by `guard`; here they are plain values.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol


class Relation(Enum):
    """How somebody stands to what they want to act on; the value names those people."""

    ANYBODY = "yes"
    AUTHOR = "who captured it"
    OWNER = "its owner"
    CHANGED_IT = "who made the change"
    WITH_TEAM = "who is with the team"
    LEADS_IT = "who leads it"
    FACILITATOR = "the team's facilitators"
    TEAM_ADMIN = "the team's admins"
    NO_ADMIN = "all, while no admin is named"
    NOBODY_LEADS = "all, while nobody is named"
    GUESTS_VOTE = "all, where guests may vote"
    ANYONE_REVEALS = "all, where anyone may reveal"
    CONNECTED_IT = "who connected it"


class Permission(Enum):
    """What somebody may do; the value says it for people."""

    CAPTURE = "capture an item"
    ADD_WORDS = "add their own words to an item that says the same"
    READ_TEAM = "read a team's backlog, ranking and revealed cards"
    READ_TRAIN = "read what concerns the whole train: its backlog, ranking, digest and themes, I&A"
    CHANGE_ITEM = "change an item: edit, assign, refine, move, split, finish, drop, answer for it"
    UNDO = "undo a change, for ten minutes"
    KEEP_TOPICS = "add, change and remove topics of the workspace's own"
    LIFT_ITEM = "make an item part of one of the whole train"
    CHOOSE_FOCUS = "choose the team's one improvement in focus"
    START_VOTE = "start a WSJF vote, or be handed one"
    VOTE = "vote in it"
    REVEAL = "reveal a vote and accept its scores"
    LEAD_VOTE = "lead a vote: add items, remind, set a deadline, hand over, cancel, vote again"
    START_RETRO = "start a retro, keep the team's templates"
    JOIN_RETRO = "write notes and give dots in a retro"
    LEAD_RETRO = "lead a retro: reveal, group, count, choose improvements, cancel"
    TAKE_OVER_RETRO = "take over a retro that has waited a day for whoever leads it"
    CHANGE_READINESS = "settle what ready means to the team"
    CHANGE_DIGEST = "choose what the team's digest shows and asks about"
    SCHEDULE_DIGEST = "turn the weekly digest on and off"
    WRITE_THERE = "put an item into the team's tracker, move it there, try that again"
    EXCHANGE = "take a backlog or its scores in or out"
    JOIN_PLANNING = "see the plan, raise and decide risks, link items, vote confidence"
    LEAD_CONFIDENCE = "reveal or cancel a confidence vote"
    PLAN_TEAM = "write, change and rate a team's objectives"
    PLAN_TRAIN = "change the train's vision, themes and PI; make a reported theme the train's"
    CHANGE_SETTINGS = "change a team's settings"
    CONNECT_TRACKER = "connect a tracker, choose what a team follows there, pause it, end it"
    USE_CONNECTION = "let another team follow something at a tracker that is connected already"
    SEE_TRACKER = "see how the team's tracker is read, and have it read now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who may: of the relations of each kind of person, one is enough; none listed is a no.

    `refusal` is what outsiders are told, `only` what members are; `{…}` is filled in by `guard`.
    """

    members: frozenset[Relation]
    outsiders: frozenset[Relation]
    admins: frozenset[Relation] = frozenset({Relation.ANYBODY})
    refusal: str = ""
    only: str = ""


def _one_of(*relations: Relation) -> frozenset[Relation]:
    return frozenset(relations)


_ALWAYS: Final = _one_of(Relation.ANYBODY)
_NEVER: Final = _one_of()
_NAMED: Final = (Relation.FACILITATOR, Relation.TEAM_ADMIN)
_LEADING: Final = _one_of(Relation.LEADS_IT, *_NAMED)

_ONLY_LEADERS: Final = "Only {leader}, a facilitator or an admin of this team can do that."
_NOBODY: Final = (
    "Only people can do that, from an account that is in use: this one was deactivated or is a "
    "bot's."
)
_NO_TRACKER: Final = (
    "The team's tracker is for its members; guests see what comes from it on items."
)
_NO_PLANNING: Final = "Planning is for the teams' members; guests cannot see or change it."


def _members_only(refusal: str) -> Rule:
    return Rule(members=_ALWAYS, outsiders=_NEVER, refusal=refusal)


RULES: Final[Mapping[Permission, Rule]] = {
    Permission.CAPTURE: Rule(members=_ALWAYS, outsiders=_ALWAYS),
    Permission.ADD_WORDS: Rule(
        members=_ALWAYS,
        outsiders=_one_of(Relation.WITH_TEAM),
        refusal="There is no item #{number} here.",
    ),
    Permission.READ_TEAM: Rule(
        members=_ALWAYS,
        outsiders=_one_of(Relation.WITH_TEAM),
        refusal="There is no such list here.",
    ),
    Permission.READ_TRAIN: _members_only(
        "Guests see only the team they are with, not the whole train."
    ),
    Permission.CHANGE_ITEM: Rule(
        members=_ALWAYS,
        outsiders=_one_of(Relation.AUTHOR, Relation.OWNER),
        refusal="Guests can change only what they captured or own themselves.",
    ),
    Permission.UNDO: Rule(
        admins=_one_of(Relation.CHANGED_IT),
        members=_one_of(Relation.CHANGED_IT),
        outsiders=_one_of(Relation.CHANGED_IT),
        refusal="Only the person who made the last change can undo it. Use Edit instead.",
    ),
    Permission.KEEP_TOPICS: _members_only("Guests cannot change the topics that Hone knows here."),
    Permission.LIFT_ITEM: _members_only("Guests cannot change what the whole train works on."),
    Permission.CHOOSE_FOCUS: _members_only("Guests cannot choose what the team improves next."),
    Permission.START_VOTE: _members_only(
        "Guests cannot start a vote. Ask a member of the team to start it."
    ),
    Permission.VOTE: Rule(
        members=_ALWAYS,
        outsiders=_one_of(Relation.GUESTS_VOTE),
        refusal="Guests cannot vote here. Ask the channel's owner if that should change.",
    ),
    Permission.REVEAL: Rule(
        members=_LEADING | {Relation.ANYONE_REVEALS}, outsiders=_LEADING, refusal=_ONLY_LEADERS
    ),
    Permission.LEAD_VOTE: Rule(members=_LEADING, outsiders=_LEADING, refusal=_ONLY_LEADERS),
    Permission.START_RETRO: _members_only(
        "Guests cannot start a retro. Ask a member of the team to start it."
    ),
    Permission.JOIN_RETRO: Rule(
        members=_ALWAYS,
        outsiders=_one_of(Relation.GUESTS_VOTE),
        refusal="Guests cannot take part here. Ask the channel's owner if that should change.",
    ),
    Permission.LEAD_RETRO: Rule(members=_LEADING, outsiders=_LEADING, refusal=_ONLY_LEADERS),
    Permission.TAKE_OVER_RETRO: _members_only(
        "Guests cannot lead a retro. Ask a member of the team to take it over."
    ),
    Permission.CHANGE_READINESS: _members_only(
        "Guests cannot change what ready means to this team."
    ),
    Permission.CHANGE_DIGEST: _members_only("Guests cannot change this team's digest."),
    Permission.SCHEDULE_DIGEST: _members_only("Guests cannot change when the digest comes."),
    Permission.WRITE_THERE: _members_only(
        "Guests cannot change anything in the team's tracker. Ask a member of the team."
    ),
    Permission.EXCHANGE: _members_only(
        "Guests cannot take a backlog in or out. Ask a member of the team."
    ),
    Permission.JOIN_PLANNING: _members_only(_NO_PLANNING),
    Permission.LEAD_CONFIDENCE: Rule(
        members=_LEADING | {Relation.NOBODY_LEADS},
        outsiders=_NEVER,
        refusal=_NO_PLANNING,
        only="Only a facilitator or an admin of one of the train's teams can do that{ask}.",
    ),
    Permission.PLAN_TEAM: Rule(
        members=_one_of(*_NAMED, Relation.NOBODY_LEADS),
        outsiders=_NEVER,
        refusal=_NO_PLANNING,
        only="Only a facilitator or an admin of {team} can do that{ask}.",
    ),
    Permission.PLAN_TRAIN: Rule(
        members=_one_of(*_NAMED, Relation.NOBODY_LEADS),
        outsiders=_NEVER,
        refusal=_NO_PLANNING,
        only="Only a facilitator or an admin of one of the train's teams can do that{ask}.",
    ),
    Permission.CHANGE_SETTINGS: Rule(
        members=_one_of(Relation.TEAM_ADMIN, Relation.NO_ADMIN),
        outsiders=_NEVER,
        refusal="Guests cannot change a team's settings.",
        only="Only an admin of {team}{named} or of the workspace can change its settings.",
    ),
    Permission.CONNECT_TRACKER: Rule(
        members=_one_of(*_NAMED, Relation.NOBODY_LEADS),
        outsiders=_NEVER,
        refusal=_NO_TRACKER,
        only="Only a facilitator or an admin of {team} can do that{ask}.",
    ),
    Permission.USE_CONNECTION: Rule(
        members=_one_of(Relation.CONNECTED_IT, *_NAMED),
        outsiders=_NEVER,
        refusal=_NO_TRACKER,
        only=(
            "{site} is connected already, by {who}, and what that account may read is not for "
            "everybody: ask {who} or an admin of the workspace to choose for {team}."
        ),
    ),
    Permission.SEE_TRACKER: _members_only(_NO_TRACKER),
}


class Somebody(Protocol):
    """Who wants to act: somebody here, a page's reader, or a row of people."""

    @property
    def role(self) -> str: ...
    @property
    def is_outside(self) -> bool: ...
    @property
    def is_nobody(self) -> bool: ...


def may(who: Somebody, permission: Permission, held: Collection[Relation] = ()) -> bool:
    """Tell whether somebody may, given the relations they hold."""
    return not _enough(who, permission).isdisjoint({Relation.ANYBODY, *held})


def refusal(who: Somebody, permission: Permission) -> str:
    """Return the sentence for somebody who may not."""
    if who.is_nobody:
        return _NOBODY
    rule = RULES[permission]
    return rule.refusal if who.is_outside else rule.only or rule.refusal


def _enough(who: Somebody, permission: Permission) -> frozenset[Relation]:
    rule = RULES[permission]
    if who.is_nobody:
        return _NEVER
    if who.is_outside:
        return rule.outsiders
    return rule.admins if who.role == "admin" else rule.members


# --- relations -------------------------------------------------------------------------------


class Kept(Protocol):
    """What an item tells of its people."""

    @property
    def created_by(self) -> str | None: ...
    @property
    def owner(self) -> str | None: ...


def relations_to(item: Kept, person: str) -> frozenset[Relation]:
    """Return how somebody stands to an item. Nobody is the author of an anonymous one."""
    held = {Relation.AUTHOR: item.created_by == person, Relation.OWNER: item.owner == person}
    return frozenset(relation for relation, holds in held.items() if holds)


@dataclass(frozen=True, slots=True)
class Leaders:
    """Who is named in the settings of a team, or in those of all teams of a train."""

    facilitators: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        return self.facilitators | self.admins

    def relations_of(self, person: str) -> frozenset[Relation]:
        """Return how somebody stands to the team or the train."""
        held = {
            Relation.FACILITATOR: person in self.facilitators,
            Relation.TEAM_ADMIN: person in self.admins,
            Relation.NO_ADMIN: not self.admins,
            Relation.NOBODY_LEADS: not self.all,
        }
        return frozenset(relation for relation, holds in held.items() if holds)


# --- the page in docs/ -----------------------------------------------------------------------


def as_markdown() -> str:
    """Return the table as docs/access.md shows it."""
    lines = ["| may … | the workspace's admins | members | guests, people of other companies |"]
    lines.append("|---|---|---|---|")
    for permission, rule in RULES.items():
        cells = (permission.value, *map(_words, (rule.admins, rule.members, rule.outsiders)))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _words(enough: frozenset[Relation]) -> str:
    return "; ".join(relation.value for relation in Relation if relation in enough) or "no"
