"""What lets Hone into a tracker: the button that renews it, and the card of one that ends."""

from __future__ import annotations

from bot.cards import Button, Buttons, Card, When, heading, text
from bot.trackers.kinds import SIGN_IN, Kind, from_kept
from handlers.tracker.actions import OpenRenew, SignInAgain
from storage.trackers import TrackerSite


def way_in(row: TrackerSite, label: str) -> Button:
    """Return what lets Hone in again, in the way that it was let in."""
    if SIGN_IN in from_kept(row.sealed):
        return Button("Sign in again", SignInAgain(row.id), "primary")
    return Button(label, OpenRenew(row.id), "primary", opens_form=True)


def ending(row: TrackerSite, kind: Kind, zone: str, *, soon: bool) -> Card:
    """Tell whoever made a connection that it ends soon or does not work, or does again."""
    again = Buttons((way_in(row, "Enter a new one"),))
    if row.state == "refused":
        summary = f"{kind.name} no longer lets me in"
        rest = text("Votes go on, and what was decided waits until I am let in again.")
        return Card(summary, (heading(summary), text(row.why), rest, again))
    if soon and row.until is not None:
        signed_in = SIGN_IN in from_kept(row.sealed)
        summary = f"The {'sign-in' if signed_in else 'token'} for {kind.name} ends soon"
        ends = text("It ends on ", When(row.until, zone, "date"), f", at {row.site}.")
        new = "Sign in again" if signed_in else "Make a new one there, and enter it here"
        rest = text(f"{new}: nothing else changes.")
        return Card(summary, (heading(summary), ends, rest, again))
    summary = f"{kind.name} lets me in."
    return Card(summary, (text(summary),))
