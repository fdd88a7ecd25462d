"""What people can do with a vote. An action carries ids, never a card that somebody played."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, View, action, view


@view("wsjf.poll")
@dataclass(frozen=True, slots=True)
class PollView(View):
    """The live card: who has answered while it is open, the ranking once it is revealed."""

    poll_id: int


@view("wsjf.result")
@dataclass(frozen=True, slots=True)
class ResultView(View):
    """The note under the card that tells the channel about a reveal."""

    poll_id: int
    round: int


@action("wsjf.choose")
@dataclass(frozen=True, slots=True)
class OpenStart(Action):
    """Open the form that chooses items."""


@action("wsjf.start")
@dataclass(frozen=True, slots=True)
class Start(Action):
    """Start a vote on the items chosen in the form."""


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


@action("wsjf.reveal")
@dataclass(frozen=True, slots=True)
class Reveal(Action):
    poll_id: int


@action("wsjf.cancel")
@dataclass(frozen=True, slots=True)
class Cancel(Action):
    poll_id: int
