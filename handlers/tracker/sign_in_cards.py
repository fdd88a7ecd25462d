"""What is told of a sign-in on a tracker's own page, until it has become a connection."""

from __future__ import annotations

from bot.cards import Button, Buttons, Card, LinkButton, Typed, heading, says, subtle, text
from bot.trackers.kinds import Kind
from handlers.phrases import shortened
from handlers.tracker.actions import NewLink, OpenSites, OpenToken
from storage.sign_ins import SignIn
from storage.teams import Team


def waiting(row: SignIn, kind: Kind, team: Team) -> Card:
    """Send a person to the tracker's own page; a token comes second."""
    summary = f"Connect {kind.name}"
    what = f"For {shortened(team.name, 60)}. Nothing is brought in yet."
    rights = (
        "I read and write with the rights of the account that you sign in with: one of its own is "
        "best. The link is good for ten minutes."
    )
    buttons = (LinkButton(f"Sign in with {kind.name}", row.link), _token(row))
    return Card(summary, (heading(summary), text(what), subtle(rights), Buttons(buttons)))


def several(row: SignIn, kind: Kind) -> Card:
    """Ask which of the sites is meant that a sign-in opens."""
    summary = f"You signed in with {kind.name}"
    choose = Button("Choose one", OpenSites(row.id), "primary", opens_form=True)
    what = text(f"That account sees {len(row.found)} of them. Which one does your team work in?")
    return Card(summary, (heading(summary), what, Buttons((choose,))))


def failed(row: SignIn, kind: Kind) -> Card:
    """Tell that nothing came of it, and why."""
    summary = f"{kind.name} is not connected"
    why = row.why or "The link has run out: it is good for ten minutes."
    link = Button("New link", NewLink(row.id), "primary")
    return Card(summary, (heading(summary), text(why), Buttons((link, _token(row)))))


def over() -> Card:
    return says("Nothing is connected by this any more. To connect a tracker: ", Typed("connect"))


def _token(row: SignIn) -> Button:
    return Button("Enter a token instead", OpenToken(row.id), opens_form=True)
