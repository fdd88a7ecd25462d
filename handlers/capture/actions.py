"""What people can do with items, as typed values that travel through a platform."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, View, action, view


@action("capture.save")
@dataclass(frozen=True, slots=True)
class Save(Action):
    """Save the form as a new item. `alike_shown`: the person has seen items that look alike."""

    link: str = ""
    alike_shown: bool = False


@action("capture.join")
@dataclass(frozen=True, slots=True)
class Join(Action):
    """Add what was typed to an item that says the same, as one more voice."""

    number: int


@action("capture.edit")
@dataclass(frozen=True, slots=True)
class Edit(Action):
    number: int


@action("capture.edited")
@dataclass(frozen=True, slots=True)
class SaveEdit(Action):
    number: int


@action("capture.assign")
@dataclass(frozen=True, slots=True)
class Assign(Action):
    number: int


@action("capture.assigned")
@dataclass(frozen=True, slots=True)
class SaveOwner(Action):
    number: int


@action("capture.done")
@dataclass(frozen=True, slots=True)
class Finish(Action):
    number: int


@action("capture.drop")
@dataclass(frozen=True, slots=True)
class Drop(Action):
    number: int


@action("capture.dropped")
@dataclass(frozen=True, slots=True)
class SaveDrop(Action):
    number: int


@action("capture.take_back")
@dataclass(frozen=True, slots=True)
class TakeBack(Action):
    """Drop an item without an author; only the answer that its author saw holds this."""

    number: int
    secret: str
    until: int


@action("capture.offer")
@dataclass(frozen=True, slots=True)
class TakeOffer(Action):
    """Give the item what its words may have meant: an owner's id, an ISO day, a theme …"""

    number: int
    kind: str
    value: str


@action("capture.theme")
@dataclass(frozen=True, slots=True)
class SetTheme(Action):
    """Say what an item is about: a topic, a tag of the train's, or, both empty, none of them."""

    number: int
    topic: str = ""
    tag: str = ""


@action("capture.theme_other")
@dataclass(frozen=True, slots=True)
class OpenThemes(Action):
    """Open the form that offers all the themes there are."""

    number: int


@action("capture.theme_save")
@dataclass(frozen=True, slots=True)
class SaveTheme(Action):
    number: int


@action("capture.read")
@dataclass(frozen=True, slots=True)
class ReadAll(Action):
    """Show the details that are too long for the card."""

    number: int


@action("capture.undo")
@dataclass(frozen=True, slots=True)
class Undo(Action):
    number: int


@action("capture.draft_save")
@dataclass(frozen=True, slots=True)
class SaveDraft(Action):
    """Save plain words as an item."""

    conversation: int


@action("capture.draft_join")
@dataclass(frozen=True, slots=True)
class JoinDraft(Action):
    """Keep plain words as one more voice for an item that says the same."""

    conversation: int
    number: int


@action("capture.draft_piece")
@dataclass(frozen=True, slots=True)
class SavePieces(Action):
    """Save one of several problems told in one message, by its place from 0; -1: all of them."""

    conversation: int
    place: int = -1


@action("capture.draft_drop")
@dataclass(frozen=True, slots=True)
class DropDraft(Action):
    """Forget plain words."""

    conversation: int


@action("capture.outcome_saved")
@dataclass(frozen=True, slots=True)
class SaveOutcome(Action):
    number: int


@action("capture.focus_kept")
@dataclass(frozen=True, slots=True)
class KeepFocus(Action):
    """Make the same item the focus of one more iteration."""

    number: int


@action("capture.focus_aside")
@dataclass(frozen=True, slots=True)
class SetFocusAside(Action):
    """Make the item its team's focus no more, with none in its place."""

    number: int


@view("capture.focus_now")
@dataclass(frozen=True, slots=True)
class FocusNowView(View):
    """What a team improves now, after it has looked back on `count` of them."""

    team_id: int
    number: int
    count: int


@view("capture.focus_ended")
@dataclass(frozen=True, slots=True)
class FocusView(View):
    """What came of a team's focus, the `count`-th that it looks back on."""

    team_id: int
    number: int
    count: int
