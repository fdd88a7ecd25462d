"""What people can do with a vote. An action carries ids, never a card that somebody played."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, View, action, view

# --- what posts show -------------------------------------------------------------------------


@view("wsjf.poll")
@dataclass(frozen=True, slots=True)
class PollView(View):
    """The live card: who has answered while it is open, the ranking once it is revealed."""

    poll_id: int


@view("wsjf.result")
@dataclass(frozen=True, slots=True)
class ResultView(View):
    """The cards of a revealed round, a page of items at a time; the first stands in the thread."""

    poll_id: int
    round: int
    page: int = 0


@view("wsjf.nudge")
@dataclass(frozen=True, slots=True)
class NudgeView(View):
    """The one private reminder of a round, in the chat of this person."""

    poll_id: int
    round: int
    person: str


@view("wsjf.thin")
@dataclass(frozen=True, slots=True)
class ThinView(View):
    """A deadline came before enough people had voted: the one who leads is asked what to do."""

    poll_id: int
    round: int
    person: str


@view("wsjf.lead")
@dataclass(frozen=True, slots=True)
class LeadView(View):
    """Somebody leads a vote from now on, told in their chat, with the tools for it."""

    poll_id: int
    round: int
    person: str


@view("wsjf.round")
@dataclass(frozen=True, slots=True)
class RoundView(View):
    """A later round has begun: news in the channel, where a card that changes goes unnoticed."""

    poll_id: int
    round: int


@view("wsjf.added")
@dataclass(frozen=True, slots=True)
class AddedView(View):
    """Items have joined a vote: told to somebody who had finished, and has these left."""

    poll_id: int
    round: int
    person: str


# --- starting --------------------------------------------------------------------------------


@action("wsjf.start")
@dataclass(frozen=True, slots=True)
class Start(Action):
    """Start a vote on the items chosen in the form."""


@action("wsjf.search")
@dataclass(frozen=True, slots=True)
class Search(Action):
    """Offer the items that have the words typed into the form; 0 starts a vote, else add to it."""

    poll_id: int = 0


# --- voting ----------------------------------------------------------------------------------


@action("wsjf.ballot")
@dataclass(frozen=True, slots=True)
class OpenBallot(Action):
    """Open one's own ballot."""

    poll_id: int


@action("wsjf.vote")
@dataclass(frozen=True, slots=True)
class CastVote(Action):
    """Play the cards of one page of the ballot, then go on to the next."""

    poll_id: int
    round: int
    page: int


@action("wsjf.back")
@dataclass(frozen=True, slots=True)
class TurnBack(Action):
    """Keep the cards of this page and go back to the one before."""

    poll_id: int
    round: int
    page: int


# --- leading ---------------------------------------------------------------------------------


@action("wsjf.reveal")
@dataclass(frozen=True, slots=True)
class Reveal(Action):
    poll_id: int


@action("wsjf.cancel")
@dataclass(frozen=True, slots=True)
class Cancel(Action):
    poll_id: int


@action("wsjf.uncancel")
@dataclass(frozen=True, slots=True)
class Uncancel(Action):
    """Open a vote again that was cancelled a moment ago, with every card still in it."""

    poll_id: int


@action("wsjf.manage")
@dataclass(frozen=True, slots=True)
class Manage(Action):
    """Show the facilitator's tools, in private."""

    poll_id: int


@action("wsjf.remind")
@dataclass(frozen=True, slots=True)
class Remind(Action):
    poll_id: int


@action("wsjf.adding")
@dataclass(frozen=True, slots=True)
class OpenAdd(Action):
    poll_id: int


@action("wsjf.add")
@dataclass(frozen=True, slots=True)
class Add(Action):
    poll_id: int


@action("wsjf.timing")
@dataclass(frozen=True, slots=True)
class OpenDeadline(Action):
    poll_id: int


@action("wsjf.deadline")
@dataclass(frozen=True, slots=True)
class SetDeadline(Action):
    poll_id: int


@action("wsjf.handing")
@dataclass(frozen=True, slots=True)
class OpenHandOver(Action):
    poll_id: int


@action("wsjf.hand_over")
@dataclass(frozen=True, slots=True)
class HandOver(Action):
    poll_id: int


# --- after the reveal ------------------------------------------------------------------------


@action("wsjf.accept")
@dataclass(frozen=True, slots=True)
class Accept(Action):
    """Write the scores to the items; `version` is the outcome that was on the screen."""

    poll_id: int
    version: int


@action("wsjf.unaccept")
@dataclass(frozen=True, slots=True)
class Unaccept(Action):
    """Take back that the scores were accepted a moment ago; the items have their earlier ones."""

    poll_id: int
    version: int


@action("wsjf.anchor_form")
@dataclass(frozen=True, slots=True)
class OpenAnchor(Action):
    poll_id: int


@action("wsjf.anchor")
@dataclass(frozen=True, slots=True)
class Anchor(Action):
    """Record which item is the 1 in the columns that have none, agreed by talking about `round`."""

    poll_id: int
    round: int


@action("wsjf.again_form")
@dataclass(frozen=True, slots=True)
class OpenAgain(Action):
    poll_id: int


@action("wsjf.again")
@dataclass(frozen=True, slots=True)
class VoteAgain(Action):
    """Open a new blind round after `round`, for the columns and items chosen in the form."""

    poll_id: int
    round: int


@action("wsjf.agree_form")
@dataclass(frozen=True, slots=True)
class OpenAgree(Action):
    poll_id: int


@action("wsjf.agree")
@dataclass(frozen=True, slots=True)
class Agree(Action):
    """Record a card that the room settled on by talking about `round`."""

    poll_id: int
    round: int


@action("wsjf.cards")
@dataclass(frozen=True, slots=True)
class ShowCards(Action):
    """Show a page of a round's cards to the person alone, in place of the page they turn."""

    poll_id: int
    round: int
    page: int
    replaces: bool = False


# --- the ranking -----------------------------------------------------------------------------


@action("wsjf.rank")
@dataclass(frozen=True, slots=True)
class ShowRank(Action):
    """Show a page of the ranking of a team, or of its train."""

    team_id: int
    train: bool
    page: int


@action("wsjf.what_if")
@dataclass(frozen=True, slots=True)
class OpenWhatIf(Action):
    team_id: int
    train: bool


@action("wsjf.what_if.try")
@dataclass(frozen=True, slots=True)
class WhatIf(Action):
    team_id: int
    train: bool


@action("wsjf.export")
@dataclass(frozen=True, slots=True)
class Export(Action):
    """Show a part of the export in a form, to copy; `kind` is csv or json."""

    team_id: int
    train: bool
    kind: str
    part: int = 0
