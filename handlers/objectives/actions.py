"""What people can do with a planning interval, its objectives, its risks and its confidence."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, View, action, view

# --- vision, themes and the PI itself --------------------------------------------------------


@action("pi.page")
@dataclass(frozen=True, slots=True)
class TurnPage(Action):
    """Show another page of the whole line, as one team sees it."""

    team_id: int
    page: int


@action("pi.vision")
@dataclass(frozen=True, slots=True)
class OpenVision(Action):
    """Open the form of the train's vision and strategic themes."""


@action("pi.vision.save")
@dataclass(frozen=True, slots=True)
class SaveVision(Action):
    train_id: int


@action("pi.setup")
@dataclass(frozen=True, slots=True)
class OpenSetup(Action):
    """Open the form of the PI: its name, first day and length."""


@action("pi.setup.save")
@dataclass(frozen=True, slots=True)
class SaveSetup(Action):
    """Plan a train's PI; `pi_id` 0 is a new one."""

    train_id: int
    pi_id: int


@action("pi.close")
@dataclass(frozen=True, slots=True)
class Close(Action):
    """Close a PI for good."""

    pi_id: int


@view("pi.closed")
@dataclass(frozen=True, slots=True)
class ClosedView(View):
    """How a PI ended: what each team reached of what it promised."""

    pi_id: int


# --- objectives ------------------------------------------------------------------------------


@action("pi.objective.save")
@dataclass(frozen=True, slots=True)
class SaveNew(Action):
    """Save a new objective of a team."""

    team_id: int


@action("pi.objective.choose")
@dataclass(frozen=True, slots=True)
class Choose(Action):
    """Go on to the form of the objective that was chosen."""


@action("pi.objective.open")
@dataclass(frozen=True, slots=True)
class OpenChange(Action):
    objective_id: int


@action("pi.objective.change")
@dataclass(frozen=True, slots=True)
class SaveChange(Action):
    objective_id: int


@action("pi.link")
@dataclass(frozen=True, slots=True)
class OpenLink(Action):
    """Open the form that hangs items on an objective; 0 leaves open on which."""

    objective_id: int


@action("pi.link.save")
@dataclass(frozen=True, slots=True)
class SaveLink(Action):
    """Hang the chosen items of a team on an objective, or on none."""

    team_id: int


@action("pi.score")
@dataclass(frozen=True, slots=True)
class OpenScore(Action):
    """Open the form that rates a team's objectives."""


@action("pi.score.save")
@dataclass(frozen=True, slots=True)
class SaveScore(Action):
    pi_id: int
    team_id: int


@view("pi.change")
@dataclass(frozen=True, slots=True)
class ChangeView(View):
    """What changed about an objective on a day (ISO, UTC), for a team whose items hang on it."""

    objective_id: int
    team_id: int
    day: str


@view("pi.differs")
@dataclass(frozen=True, slots=True)
class DiffersView(View):
    """What a tracker says otherwise of a PI, or of one of its objectives; for who set it here."""

    pi_id: int
    objective_id: int = 0


# --- risks -----------------------------------------------------------------------------------


@action("pi.risk")
@dataclass(frozen=True, slots=True)
class OpenRisk(Action):
    """Open the form of a new risk."""


@action("pi.risk.save")
@dataclass(frozen=True, slots=True)
class SaveRisk(Action):
    """Raise a risk."""


@action("pi.roam.choose")
@dataclass(frozen=True, slots=True)
class ChooseRisk(Action):
    """Go on to the form of the risk that was chosen."""


@action("pi.roam")
@dataclass(frozen=True, slots=True)
class OpenRoam(Action):
    """Open the form that decides about a risk; 0 asks first which one."""

    risk_id: int


@action("pi.roam.save")
@dataclass(frozen=True, slots=True)
class SaveRoam(Action):
    risk_id: int


@view("pi.risk.card")
@dataclass(frozen=True, slots=True)
class RiskView(View):
    """A risk's live card."""

    risk_id: int


# --- confidence ------------------------------------------------------------------------------


@action("pi.confidence")
@dataclass(frozen=True, slots=True)
class StartConfidence(Action):
    """Ask everyone here how confident they are."""


@action("pi.confidence.open")
@dataclass(frozen=True, slots=True)
class OpenFist(Action):
    """Open one's own ballot."""

    vote_id: int


@action("pi.confidence.cast")
@dataclass(frozen=True, slots=True)
class CastFist(Action):
    vote_id: int


@action("pi.confidence.reveal")
@dataclass(frozen=True, slots=True)
class RevealFists(Action):
    vote_id: int


@action("pi.confidence.cancel")
@dataclass(frozen=True, slots=True)
class CancelFists(Action):
    vote_id: int


@view("pi.confidence.card")
@dataclass(frozen=True, slots=True)
class ConfidenceView(View):
    """The vote's live card: who voted while it is open, how many gave which number after."""

    vote_id: int


@view("pi.confidence.result")
@dataclass(frozen=True, slots=True)
class ConfidenceResultView(View):
    """The note under the card that tells the channel about the reveal."""

    vote_id: int
