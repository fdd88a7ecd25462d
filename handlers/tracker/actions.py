"""What people can do with the trackers their team works in, and the cards that stand for them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, View, action, view

# --- what stands -----------------------------------------------------------------------------


@view("tracker.site")
@dataclass(frozen=True, slots=True)
class SiteView(View):
    """How a connection comes about, for the person who makes it for a team."""

    tracker_id: int
    team_id: int


@view("tracker.scope")
@dataclass(frozen=True, slots=True)
class ScopeView(View):
    """Something a team follows: counted, shown before the start, brought in, followed."""

    scope_id: int


@view("tracker.ends")
@dataclass(frozen=True, slots=True)
class EndView(View):
    """A connection that ends soon or is refused, for the person who made it."""

    tracker_id: int


@view("tracker.signin")
@dataclass(frozen=True, slots=True)
class SignInView(View):
    """A person's way to a tracker's own page, and what came of it, in their chat."""

    sign_in: int


# --- connecting ------------------------------------------------------------------------------


@action("tracker.connect")
@dataclass(frozen=True, slots=True)
class OpenConnect(Action):
    """Open the form that lets Hone into a tracker of this kind; of its only site, go in."""

    kind: str


@action("tracker.connect.save")
@dataclass(frozen=True, slots=True)
class Connect(Action):
    """Let Hone into a site, as the form says; into one that is known with another token.

    The card of a `sign_in`, in whose place a token was entered, goes on with it.
    """

    kind: str
    team_id: int
    tracker_id: int = 0
    sign_in: int = 0


@action("tracker.signin.new")
@dataclass(frozen=True, slots=True)
class SignInAgain(Action):
    """Send the link to a tracker's page once more, for a site that is connected."""

    tracker_id: int


@action("tracker.signin.link")
@dataclass(frozen=True, slots=True)
class NewLink(Action):
    """Give a sign-in that came to nothing another link."""

    sign_in: int


@action("tracker.signin.token")
@dataclass(frozen=True, slots=True)
class OpenToken(Action):
    """Open the form for a token, in the place of a sign-in."""

    sign_in: int


@action("tracker.signin.site")
@dataclass(frozen=True, slots=True)
class OpenSites(Action):
    """Open the form that asks which of the sites a sign-in opens is meant."""

    sign_in: int


@action("tracker.signin.site.save")
@dataclass(frozen=True, slots=True)
class ChooseSite(Action):
    """Connect one of the sites that a sign-in opens."""

    sign_in: int


@action("tracker.renew")
@dataclass(frozen=True, slots=True)
class OpenRenew(Action):
    """Open the form that gives a site another token."""

    tracker_id: int


@action("tracker.choose")
@dataclass(frozen=True, slots=True)
class OpenChoose(Action):
    """Open the form that chooses what a team follows."""

    tracker_id: int
    team_id: int


@action("tracker.choose.save")
@dataclass(frozen=True, slots=True)
class Choose(Action):
    """Look at what was chosen."""

    tracker_id: int
    team_id: int


# --- before the start ------------------------------------------------------------------------


@action("tracker.map")
@dataclass(frozen=True, slots=True)
class OpenMapping(Action):
    """Open the form that says what the tracker's words mean."""

    scope_id: int


@action("tracker.map.save")
@dataclass(frozen=True, slots=True)
class SaveMapping(Action):
    """Keep what the words mean, and look again."""

    scope_id: int


@action("tracker.twins")
@dataclass(frozen=True, slots=True)
class OpenTwins(Action):
    """Open the form that says which items there are items here."""

    scope_id: int


@action("tracker.twins.save")
@dataclass(frozen=True, slots=True)
class SaveTwins(Action):
    """Keep which are the same."""

    scope_id: int


@action("tracker.start")
@dataclass(frozen=True, slots=True)
class Start(Action):
    """Bring in what was looked at, and follow it; without `writes` nothing is written there."""

    scope_id: int
    writes: bool = True


# --- while it is followed --------------------------------------------------------------------


@action("tracker.sync")
@dataclass(frozen=True, slots=True)
class Sync(Action):
    """Read now what changed."""

    scope_id: int


@action("tracker.pause")
@dataclass(frozen=True, slots=True)
class Pause(Action):
    """Leave it alone until somebody resumes."""

    scope_id: int


@action("tracker.resume")
@dataclass(frozen=True, slots=True)
class Resume(Action):
    """Go on where it was paused."""

    scope_id: int


@action("tracker.writes")
@dataclass(frozen=True, slots=True)
class SetWrites(Action):
    """Say whether Hone may write there."""

    scope_id: int
    writes: bool


@action("tracker.end")
@dataclass(frozen=True, slots=True)
class OpenEnd(Action):
    """Open the form that ends following something."""

    scope_id: int


@action("tracker.end.save")
@dataclass(frozen=True, slots=True)
class End(Action):
    """Follow it no more; what was read stays or goes."""

    scope_id: int


@action("tracker.conflicts.show")
@dataclass(frozen=True, slots=True)
class SeeConflicts(Action):
    """Show what both sides changed, and nobody has decided."""

    scope_id: int


# --- who is who ------------------------------------------------------------------------------


@action("tracker.people")
@dataclass(frozen=True, slots=True)
class OpenPeople(Action):
    """Open the form that says who a tracker's people are here."""

    scope_id: int


@action("tracker.people.save")
@dataclass(frozen=True, slots=True)
class SavePeople(Action):
    """Keep who is who."""

    scope_id: int


@action("tracker.me")
@dataclass(frozen=True, slots=True)
class OpenMe(Action):
    """Open the form that asks a person which of a tracker's people they are."""

    scope_id: int


@action("tracker.me.save")
@dataclass(frozen=True, slots=True)
class SaveMe(Action):
    """Keep who the person is there, or that they are nobody there."""

    scope_id: int
