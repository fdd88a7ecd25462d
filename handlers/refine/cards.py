"""The form that makes an item ready, and the card that says what it still lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Choice,
    Facts,
    Field,
    Form,
    Input,
    Node,
    Note,
    Option,
    Span,
    heading,
    says,
    subtle,
    text,
)
from handlers.phrases import clipped, shortened
from handlers.refine import definition as ready
from handlers.refine.actions import (
    MarkReady,
    OpenAnyway,
    OpenNext,
    OpenOverride,
    SaveAnyway,
    SaveDefinition,
    SaveOverride,
    SaveRefined,
)
from handlers.refine.definition import RULES, Definition
from handlers.refine.invest import Hint
from handlers.rules.limits import METRIC_MAX_CHARS, REASON_MAX_CHARS, VALUE_MAX_CHARS
from handlers.rules.refinement import CRITERIA_MAX_CHARS, written_criteria
from handlers.ui.actions import OpenRefine
from handlers.ui.details import details_field
from handlers.ui.elsewhere import known_ending
from storage.items import Item
from storage.links import Blocker
from storage.states import UNREADY_STATES
from storage.teams import Team
from storage.tracked import KnownAs

WAITS_MAX_CHARS = 900


@dataclass(frozen=True, slots=True)
class Refined:
    """An item with all that the card tells about it. `missing` is what the team still asks for."""

    item: Item
    hints: tuple[Hint, ...]
    missing: tuple[str, ...]
    asked: int
    blockers: tuple[Blocker, ...]
    objective: str
    days_waited: Mapping[str, int]
    known: KnownAs | None = None

    @property
    def weak(self) -> tuple[Hint, ...]:
        """The hints that speak against the item, and that nobody set aside."""
        aside = self.item.overrides
        return tuple(h for h in self.hints if h.verdict == "weak" and h.name not in aside)


# --- the card --------------------------------------------------------------------------------


def refined(shown: Refined) -> Card:
    """Draw the item's hints, and what to do next."""
    item = shown.item
    title = f"#{item.number} {shortened(item.title, 120)}"
    nodes: list[Node] = [heading(title), Facts(tuple(_facts(shown)))]
    nodes += [_hint(hint, item.overrides.get(hint.name, "")) for hint in shown.hints]
    nodes.append(_readiness(shown))
    nodes.append(Buttons(tuple(_buttons(shown))))
    return Card(f"{title}: {_verdict(shown)}", tuple(nodes))


def _facts(shown: Refined) -> list[tuple[str, tuple[Span, ...]]]:
    item = shown.item
    facts: list[tuple[str, tuple[Span, ...]]] = [
        ("State", (Bold(item.state), *known_ending(shown.known)))
    ]
    facts.append(("Points", ("none yet" if item.points is None else str(item.points),)))
    done = sum(criterion["done"] for criterion in item.criteria)
    criteria = f"{done} of {len(item.criteria)} met" if item.criteria else "none yet"
    facts.append(("Acceptance criteria", (criteria,)))
    if shown.blockers:
        facts.append(("Waits for", ("; ".join(_waits(shown)),)))
    if shown.objective:
        facts.append(("Objective", (shortened(shown.objective, 120),)))
    return facts


def _waits(shown: Refined) -> list[str]:
    return [
        f"{shortened(b.words, 60)} ({age(shown.days_waited[b.words])})" for b in shown.blockers[:5]
    ] + [f"{len(shown.blockers) - 5} more"] * (len(shown.blockers) > 5)


def age(days: int) -> str:
    """Return how long something has been open, in words."""
    match days:
        case 0:
            return "since today"
        case 1:
            return "for a day"
        case _:
            return f"for {days} days"


def _hint(hint: Hint, aside: str) -> Node:
    if aside and hint.verdict == "weak":
        return subtle(f"– {hint.name}: set aside. {shortened(aside, REASON_MAX_CHARS)}")
    sign = {"good": "✓", "weak": "○", "ask": "?"}[hint.verdict]
    return text(f"{sign} ", Bold(hint.name), f": {hint.evidence}")


def _readiness(shown: Refined) -> Node:
    if not shown.asked:
        return subtle("This team has no Definition of Ready.")
    met = shown.asked - len(shown.missing)
    words = f": {met} of {shown.asked}."
    if shown.missing:
        words += f" Missing: {'; '.join(shown.missing)}."
    return text(Bold("Definition of Ready"), words)


def _verdict(shown: Refined) -> str:
    if shown.item.state not in UNREADY_STATES:
        return shown.item.state
    return f"{len(shown.missing)} missing" if shown.missing else "has what it takes to be ready"


def _buttons(shown: Refined) -> list[Button]:
    n = shown.item.number
    buttons: list[Button] = []
    if shown.item.state in UNREADY_STATES and not shown.missing:
        buttons.append(Button("Mark ready", MarkReady(n), "primary", hint=f"Mark #{n} as ready"))
    elif shown.item.state in UNREADY_STATES:
        hint = f"Call #{n} ready all the same, asks why"
        buttons.append(Button("Ready anyway", OpenAnyway(n), opens_form=True, hint=hint))
    buttons.append(
        Button("Edit", OpenRefine(n), opens_form=True, hint=f"Refine #{n}, opens a form")
    )
    if shown.weak:
        hint = f"Say why a hint on #{n} does not count"
        buttons.append(Button("Override a hint", OpenOverride(n), opens_form=True, hint=hint))
    if shown.item.state not in UNREADY_STATES:
        buttons.append(
            Button("Next", OpenNext(), opens_form=True, hint="Refine the next item, opens a form")
        )
    return buttons


def nothing_next(team: Team, horizon: int) -> Card:
    if not horizon:
        return says(f"Nothing waits in the backlog of {shortened(team.name, 60)}.")
    which = "The next item is" if horizon == 1 else f"The next {horizon} items are all"
    return says(f"{which} ready. Nothing to refine.")


# --- forms -----------------------------------------------------------------------------------


def refine_form(item: Item, waits_for: str, definition: Definition) -> Form:
    """Ask for everything that makes an item ready, at once."""
    fields: list[Field] = [
        Note(text(Bold(f"#{item.number}"), f" {shortened(item.title, 200)}")),
        details_field(item.description, hint="Who needs it, and what for: “so that …”"),
        Input(
            "criteria",
            "Acceptance criteria",
            written_criteria(item.criteria),
            multiline=True,
            max_chars=CRITERIA_MAX_CHARS,
            optional=True,
            hint="One on each line; [x] before those that hold already.",
        ),
        Input(
            "points",
            "Points",
            "" if item.points is None else str(item.points),
            max_chars=20,
            optional=True,
            placeholder="5",
        ),
        Input(
            "waits_for",
            "Waits for",
            waits_for,
            max_chars=WAITS_MAX_CHARS,
            optional=True,
            placeholder="#12, Payments",
            hint="Items and teams, with commas. Take away what no longer holds it up.",
        ),
        Input(
            "metric",
            "Which metric changes when this ships?",
            clipped(item.metric, METRIC_MAX_CHARS),
            max_chars=METRIC_MAX_CHARS,
            optional=True,
        ),
        _value("from", "From", item.metric_from),
        _value("to", "To", item.metric_to),
    ]
    if definition.lines:
        fields.append(_checks(item, definition))
    return Form(f"Refine #{item.number}", SaveRefined(item.number), tuple(fields))


def _value(field: str, label: str, value: str) -> Input:
    return Input(field, label, value[:VALUE_MAX_CHARS], max_chars=VALUE_MAX_CHARS, optional=True)


def _checks(item: Item, definition: Definition) -> Choice:
    """The team's own lines, by their place: Teams joins answers with commas."""
    lines = definition.lines
    return Choice(
        "checks",
        "Our Definition of Ready",
        tuple(Option(line, str(place)) for place, line in enumerate(lines)),
        tuple(str(place) for place, line in enumerate(lines) if line in item.ready_checks),
        many=True,
        optional=True,
    )


def anyway_form(item: Item, missing: Sequence[str]) -> Form:
    return Form(
        f"#{item.number} ready anyway",
        SaveAnyway(item.number),
        (
            Note(text("Missing: ", "; ".join(missing) or "nothing any more", ".")),
            Input("reason", "Why is it ready all the same?", max_chars=REASON_MAX_CHARS),
        ),
        submit_label="Mark ready",
    )


def override_form(item: Item, weak: Sequence[Hint]) -> Form:
    options = tuple(Option(f"{h.name}: {shortened(h.evidence, 55)}", h.name) for h in weak)
    return Form(
        "Override a hint",
        SaveOverride(item.number),
        (
            Note(text(Bold(f"#{item.number}"), f" {shortened(item.title, 200)}")),
            Choice("hint", "Which hint does not count here?", options),
            Input("reason", "Why?", max_chars=REASON_MAX_CHARS),
        ),
    )


def definition_form(team: Team, now: Definition) -> Form:
    return Form(
        "Definition of Ready",
        SaveDefinition(team.id),
        (
            Note(text("An item of ", Bold(shortened(team.name, 60)), " is ready when …")),
            Choice(
                "rules",
                "I look these up",
                tuple(Option(rule.words, key) for key, rule in RULES.items()),
                now.rules,
                many=True,
                optional=True,
            ),
            Input(
                "lines",
                "You tick these",
                "\n".join(now.lines),
                multiline=True,
                max_chars=ready.LINES_MAX * (ready.LINE_MAX_CHARS + 1),
                optional=True,
                hint=f"One on each line, at most {ready.LINES_MAX}.",
                placeholder="The designer has seen it",
            ),
        ),
    )


def definition_saved(team: Team, now: Definition) -> Card:
    """Tell what ready means from now on."""
    if not now.length:
        return says(f"{shortened(team.name, 60)} has no Definition of Ready any more.")
    words = [*(RULES[rule].words for rule in now.rules), *now.lines]
    summary = f"Definition of Ready of {shortened(team.name, 60)}"
    return Card(summary, (text(Bold(summary)), *(text(f"• {line}") for line in words)))
