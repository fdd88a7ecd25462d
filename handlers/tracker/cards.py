"""What is told of a tracker: how a connection comes about, and how what a team follows stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.cards import (
    Button,
    Buttons,
    Card,
    Code,
    Facts,
    Node,
    Only,
    Span,
    Typed,
    When,
    heading,
    says,
    subtle,
    text,
)
from bot.trackers.kinds import (
    HOOK_SECRET,
    HOOKS_PATH,
    KINDS,
    SIGN_IN,
    Kind,
    SignInPages,
    from_kept,
)
from handlers.phrases import counted, listed, shortened
from handlers.sources.telling import unclear
from handlers.tracker import preview
from handlers.tracker.actions import (
    OpenChoose,
    OpenConnect,
    OpenEnd,
    OpenMapping,
    OpenPeople,
    OpenRenew,
    OpenTwins,
    Pause,
    Resume,
    SeeConflicts,
    SetWrites,
    Start,
    Sync,
)
from handlers.tracker.told import Told, read_told, scopes_in, slip_in
from handlers.tracker.way_in import way_in
from storage.followed import Figures
from storage.teams import Team
from storage.trackers import TrackerScope, TrackerSite

LINES_SHOWN: Final = 14
UNCLEAR_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Followed:
    """Something a team follows, with all that a card says of it."""

    scope: TrackerScope
    site: TrackerSite
    team: Team
    leaders: Only | None = None

    @property
    def told(self) -> Told:
        return read_told(self.scope.told)

    @property
    def kind(self) -> Kind:
        return kind_of(self.site)

    @property
    def name(self) -> str:
        return shortened(self.scope.name, 60)


def kind_of(site: TrackerSite) -> Kind:
    """Return a site's kind; one that this version does not know any more keeps its word."""
    return KINDS.get(site.kind) or Kind(site.kind, site.kind, "project")


# --- connecting ------------------------------------------------------------------------------


def kinds(pages: SignInPages) -> Card:
    """Offer every tracker there is."""
    summary = "Which tracker does your team keep its work in?"
    each = [
        Button(
            kind.name,
            OpenConnect(kind.id),
            opens_form=bool(kind.asks) and not pages.opens(kind.id),
        )
        for kind in KINDS.values()
    ]
    rows = [Buttons(tuple(each[at : at + 5])) for at in range(0, len(each), 5)]
    small = subtle("I read along there. Before I bring anything in, I show you what would come.")
    return Card(summary, (text(summary), *rows, small))


def site(row: TrackerSite, team: Team, followed: Sequence[str], zone: str) -> Card:
    """Tell how a connection comes about; `followed` are what the team follows there."""
    kind = kind_of(row)
    where = f" at {row.site}" if kind.asks else ""
    again = way_in(row, "Enter it again")
    if row.state == "checking":
        summary = f"Connecting {kind.name}"
        wait = row.why or "I ask whether I am let in. This card goes on by itself."
        buttons = [Buttons((again,))] if row.why and kind.asks else []
        return Card(summary, (heading(f"{summary}{where}"), text(wait), *buttons))
    if row.state == "refused":
        summary = f"{kind.name} does not let me in"
        buttons = [Buttons((again,))] if kind.asks else []
        return Card(summary, (heading(summary), text(row.why), *buttons))
    summary = f"{kind.name} is connected"
    signed_in: list[Span] = [f"Signed in{where}"]
    signed_in += [f" as {shortened(row.account_name, 60)}"] if row.account_name else []
    signed_in += [", until ", When(row.until, zone, "date")] if row.until else []
    nodes: list[Node] = [heading(summary), text(*signed_in, ".")]
    if slip := slip_in(row.told):
        nodes.append(text(f"What was entered last does not work, so I go on as before. {slip}"))
        nodes.append(Buttons((again,)))
    if followed:
        nodes.append(text(f"Chosen for {shortened(team.name, 60)}: {listed(followed)}."))
    if scopes_in(row.told):
        opens = OpenChoose(row.id, team.id)
        choose = Button(f"Choose {a(kind.scope)}", opens, "primary", opens_form=True)
        another = Button(f"Choose another {kind.scope}", opens, opens_form=True)
        nodes.append(Buttons((another if followed else choose,)))
    else:
        nodes.append(text(f"That account can see no {kind.scope} there: give it the right to one."))
    return Card(summary, tuple(nodes))


def a(word: str) -> str:
    """Return `a project`, `an area`."""
    return f"an {word}" if word[:1] in "aeiou" else f"a {word}"


def hook(row: TrackerSite, public_url: str) -> Card:
    """Tell whoever may change things at a tracker how it can tell Hone at once."""
    kind = kind_of(row)
    if not kind.asks:  # it is in this process
        return says(f"{kind.name} tells me at once already: there is nothing to set up.")
    if HOOK_SECRET not in kind.asks:
        return says(f"{kind.name} calls nobody: I ask it every two minutes what changed.")
    summary = f"So that {kind.name} tells me at once"
    secret = Button("Enter the secret", OpenRenew(row.id), "primary", opens_form=True)
    return Card(
        summary,
        (
            heading(summary),
            text("I ask every two minutes; with a webhook a change is here within seconds."),
            text(
                f"In {kind.name}, at {row.site}, add a webhook for items that are created, "
                "changed and deleted, with this address:"
            ),
            text(Code(f"{public_url.rstrip('/')}{HOOKS_PATH}{row.hook}")),
            *_before_the_path(public_url),
            text("Sign it with a secret, and enter the same here: what is not signed is refused."),
            Buttons((secret,)),
        ),
    )


def _before_the_path(public_url: str) -> list[Node]:
    """Say what the address lacks where nobody told Hone its own."""
    if public_url:
        return []
    lacking = (
        "Put before it where I am reached from outside, such as https://hone.example. Whoever runs "
        "me can set that as HONE_PUBLIC_URL: then the whole address stands here."
    )
    return [text(lacking)]


# --- something a team follows ----------------------------------------------------------------


def scope(each: Followed) -> Card:
    """Tell how something stands: counted, shown before the start, brought in, followed."""
    match each.scope.step:
        case "looking":
            return _looking(each)
        case "shown":
            return _shown(each)
        case "first" | "links":
            return _coming(each)
        case _:
            return _followed(each)


def gone() -> Card:
    summary = "This is not followed any more."
    return Card(summary, (text(summary),))


def _looking(each: Followed) -> Card:
    told = each.told
    summary = f"Looking at {each.name} in {each.kind.name}"
    nodes: list[Node] = [heading(summary)]
    nodes.append(text(f"{counted(told.items, 'item')} so far. Looking changes nothing."))
    return Card(summary, (*nodes, *_trouble(each), Buttons((_end(each, "Stop"),))))


def _shown(each: Followed) -> Card:
    told, there = each.told, each.kind.name
    summary = f"{each.name}: {preview.summary(told.found)}"
    comes = list(preview.what_comes(told, there))
    comes += preview.what_is_planned(told, each.scope.plan, there)
    writes = list(preview.what_is_written(told.abilities, there))
    nodes: list[Node] = [
        heading(f"{each.name} for {shortened(each.team.name, 60)}"),
        text(preview.summary(told.found)),
        *(text(shortened(line, 600)) for line in comes[:LINES_SHOWN]),
        *_rest(comes),
        *(subtle(shortened(line, 300)) for line in writes[:LINES_SHOWN]),
        *_rest(writes),
        text("Nothing has been changed."),
    ]
    only = each.leaders
    buttons = [Button("Start", Start(each.scope.id), "primary", only=only)]
    if any(told.abilities.writes(name) for name in told.abilities.homes):
        only_read = Start(each.scope.id, writes=False)
        hint = f"Only read, write nothing into {there}"
        buttons.append(Button("Only read", only_read, hint=hint, only=only))
    words = OpenMapping(each.scope.id)
    buttons.append(Button("Change mapping", words, opens_form=True, only=only))
    if told.found.twins:
        twins = OpenTwins(each.scope.id)
        buttons.append(Button("Same items", twins, opens_form=True, only=only))
    return Card(summary, (*nodes, Buttons((*buttons, _end(each, "Stop")))))


def _rest(lines: Sequence[str]) -> list[Node]:
    more = len(lines) - LINES_SHOWN
    return [subtle(f"… and {counted(more, 'more line')}.")] if more > 0 else []


def _coming(each: Followed) -> Card:
    told = each.told
    summary = f"Bringing in {each.name}"
    what = f"{told.saved:,} of {counted(told.items, 'item')} are here."
    if not told.items:
        what = f"{counted(told.saved, 'item')} so far."
    if each.scope.step == "links":
        what = "All items are here; now what links them to each other."
    kept = subtle("Everything goes on meanwhile. Should I be stopped, I go on where I was.")
    return Card(summary, (heading(summary), text(what), *_trouble(each), kept))


def _followed(each: Followed) -> Card:
    """Tell that it is followed; what changes by the minute is told to whoever asks."""
    paused = each.scope.step == "paused"
    how = "is paused" if paused else "is followed"
    summary = f"{each.name} in {each.kind.name} {how}"
    nodes: list[Node] = [heading(summary)]
    if paused:
        nodes.append(text("Nothing is read or written until somebody resumes."))
    else:
        what = "I read and write there" if each.scope.writes else "I only read there"
        nodes.append(
            text(f"{what}, for {shortened(each.team.name, 60)}. See it: ", Typed("backlog"))
        )
    return Card(summary, (*nodes, *_trouble(each), _buttons(each)))


def _trouble(each: Followed) -> list[Node]:
    if each.site.state == "refused":
        return [text(each.site.why)]
    return [text(each.scope.why)] if each.scope.why else []


def _buttons(each: Followed) -> Buttons:
    id, only, there = each.scope.id, each.leaders, each.kind.name
    paused = each.scope.step == "paused"
    more = [
        Button("Change mapping", OpenMapping(id), opens_form=True, only=only),
        Button("People", OpenPeople(id), opens_form=True, hint="People: who is who", only=only),
    ]
    if each.scope.writes:
        hint = f"Only read, write nothing more into {there}"
        more.append(Button("Only read", SetWrites(id, False), hint=hint, only=only))
    else:
        hint = f"Write, too: what you change here is written into {there}"
        more.append(Button("Write, too", SetWrites(id, True), hint=hint, only=only))
    more.append(_end(each, "Disconnect"))
    if paused:
        return Buttons((Button("Resume", Resume(id), "primary", only=only),), tuple(more))
    pause = Button("Pause", Pause(id), only=only)
    return Buttons((Button("Read now", Sync(id)), pause), tuple(more))


def _end(each: Followed, label: str) -> Button:
    return Button(label, OpenEnd(each.scope.id), opens_form=True, only=each.leaders)


# --- the whole state, for who asks -----------------------------------------------------------


def status(
    team: Team,
    followed: Sequence[tuple[Followed, Figures]],
    names: Mapping[str, str],
    zone: str,
    held_off: Mapping[int, str],
) -> Card:
    """Tell all there is to know of what a team follows, as it is now; `names` are people's.

    `held_off` says by the scope why its PI does not come in.
    """
    what = [each.name for each, _ in followed]
    summary = f"{shortened(team.name, 60)} follows {listed(what, 3)}"
    nodes: list[Node] = []
    for each, figures in followed:
        head, *rest, buttons = scope(each).nodes
        facts = Facts(tuple(_facts(each, figures, names, zone)))
        planned = preview.what_is_planned(
            each.told, each.scope.plan, each.kind.name, held_off.get(each.scope.id, "")
        )
        nodes += [head, facts, *rest, *(text(line) for line in planned), *_conflicts(each, figures)]
        nodes += [*_refused(each, figures), *_unclear(each), buttons]
    return Card(summary, tuple(nodes))


def _facts(
    each: Followed, figures: Figures, names: Mapping[str, str], zone: str
) -> Iterator[tuple[str, tuple[Span, ...]]]:
    scope, site = each.scope, each.site
    yield "Tracker", (f"{each.kind.name}, {site.site}" if each.kind.asks else each.kind.name,)
    yield "Last read", (When(scope.read_at, zone) if scope.read_at else "not yet",)
    held = [f"{figures.items:,}"]
    held += [f"{figures.restricted} restricted since"] if figures.restricted else []
    held += [f"{figures.gone} gone there"] if figures.gone else []
    yield "Items", (", ".join(held),)
    if figures.waiting:
        yield "Wait to be written", (f"{figures.waiting:,}",)
    who = names.get(site.connected_by, "somebody")
    yield "Connected by", (who, ", ", When(site.created_at, zone, "date"))
    if site.until is not None:
        signed_in = SIGN_IN in from_kept(site.sealed)
        yield "Sign-in ends" if signed_in else "Token ends", (When(site.until, zone, "date"),)


def _conflicts(each: Followed, figures: Figures) -> list[Node]:
    """Say how many items both sides changed, and lead to where that is decided."""
    if not figures.conflicts:
        return []
    words = f"{counted(figures.conflicts, 'item')} changed on both sides: theirs stands for now."
    return [text(words), Buttons((Button("Decide", SeeConflicts(each.scope.id)),))]


def _refused(each: Followed, figures: Figures) -> list[Node]:
    """Name what the tracker did not take, with its words."""
    if not figures.refused:
        return []
    nodes: list[Node] = [text(f"Not taken by {each.kind.name}:")]
    nodes += [
        subtle(f"#{number} {key}: {shortened(why, 300)}") for number, key, why in figures.refusals
    ]
    more = figures.refused - len(figures.refusals)
    return [*nodes, subtle(f"… and {more} more.")] if more > 0 else nodes


def _unclear(each: Followed) -> list[Node]:
    """Name words that nobody has explained, and items that could not be saved."""
    told = each.told
    nodes: list[Node] = [subtle(line) for line in islice(unclear(told.found), UNCLEAR_SHOWN)]
    if told.unsaved:
        incident = next(iter(told.unsaved.values()))
        what = counted(len(told.unsaved), "item")
        nodes.append(
            text(f"{what} could not be saved. Tell whoever runs Hone: incident {incident}.")
        )
    return nodes


def nothing(team: Team) -> Card:
    """Tell that a team follows nothing yet, and how it would."""
    return says(*follows_nothing(team))


def follows_nothing(team: Team) -> tuple[Span, ...]:
    return (
        f"{shortened(team.name, 60)} follows no tracker yet. To connect one: ",
        Typed("connect"),
        ".",
    )
