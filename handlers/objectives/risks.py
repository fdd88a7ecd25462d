"""Raise what endangers the plan, and decide: Resolved, Owned, Accepted or Mitigated (ROAM)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Choice,
    Facts,
    Form,
    Input,
    Node,
    Note,
    Option,
    Pick,
    Span,
    Table,
    Typed,
    When,
    filled,
    heading,
    text,
)
from bot.turn import Ask, Mistake, NotFound, Post, Reply, Turn, Whisper, whisper
from handlers.objectives.access import member, open_pi, planned, shown
from handlers.objectives.actions import (
    ChooseRisk,
    OpenRisk,
    OpenRoam,
    RiskView,
    SaveRisk,
    SaveRoam,
)
from handlers.objectives.reading import read_words
from handlers.rules.limits import too_long
from handlers.ui.forms import unlisted
from storage import Store
from storage.risks import RAISED, ROAM, Risk

TEXT_MAX_CHARS = 300
PLAN_MAX_CHARS = 500
LISTED_MAX = 30
OPTIONS_MAX = 100

STATES = {
    RAISED: "Not decided yet",
    "resolved": "Resolved: it is no risk any more",
    "owned": "Owned: somebody looks after it",
    "accepted": "Accepted: we live with it",
    "mitigated": "Mitigated: we made it smaller",
}
OWNED = ("owned", "mitigated")
"""Decisions that mean nothing without a person."""


# --- raise -----------------------------------------------------------------------------------


async def risk(turn: Turn, store: Store, words: str) -> Reply:
    """Raise the risk that was typed; without words, open the form."""
    team = await member(turn, store)
    running = await planned(store, team)
    if not words:
        return Ask(new_form())
    description, error = read_words(words, "A risk", TEXT_MAX_CHARS)
    if error:
        raise Mistake(error)
    return await _raise(turn, store, running.id, team.id, description)


async def open_risk(turn: Turn, store: Store, _: OpenRisk) -> Reply:
    """Open the form of a new risk."""
    return await risk(turn, store, "")


async def save_risk(turn: Turn, store: Store, _: SaveRisk) -> Reply:
    """Raise the risk of the form."""
    team = await member(turn, store)
    running = await planned(store, team)
    description, error = read_words(turn.answers.one("text"), "A risk", TEXT_MAX_CHARS)
    if error:
        return Ask(filled(new_form(), turn.answers), {"text": error})
    return await _raise(turn, store, running.id, team.id, description)


async def _raise(turn: Turn, store: Store, pi_id: int, team_id: int, description: str) -> Reply:
    raised = await store.risks.add(pi_id, team_id, description, by=turn.person.id)
    return Post(RiskView(raised.id))


# --- decide ----------------------------------------------------------------------------------


async def risks(turn: Turn, store: Store, _: str) -> Reply:
    """Show the PI's risks, to this person alone."""
    team = await member(turn, store)
    running = await planned(store, team)
    all_risks = await store.risks.of_pi(running.id)
    if not all_risks:
        return whisper(
            f"No risk is raised in {shown(running.name)}. To raise one: ", Typed("pi risk …")
        )
    owners = await store.people.named([each.owner for each in all_risks if each.owner])
    return Whisper(_board(shown(running.name), all_risks, owners))


async def open_roam(turn: Turn, store: Store, act: OpenRoam) -> Reply:
    """Open the form of a risk, or ask which one first."""
    team = await member(turn, store)
    if act.risk_id:
        return Ask(roam_form(await _live(store, act.risk_id)))
    return Ask(choose_form(await _choosable(store, (await planned(store, team)).id)))


async def choose_risk(turn: Turn, store: Store, _: ChooseRisk) -> Reply:
    """Go on to the form of the risk that was chosen."""
    team = await member(turn, store)
    open_risks = await _choosable(store, (await planned(store, team)).id)
    chosen = next((each for each in open_risks if str(each.id) == turn.answers.one("risk")), None)
    if chosen is None:
        return Ask(choose_form(open_risks), {"risk": "Choose one of the risks listed."})
    return Ask(roam_form(chosen))


async def save_roam(turn: Turn, store: Store, act: SaveRoam) -> Reply:
    """Keep what was decided about a risk."""
    await member(turn, store)
    risk_row = await _live(store, act.risk_id, lock=True)
    answers = turn.answers
    description, error = read_words(answers.one("text"), "A risk", TEXT_MAX_CHARS)
    errors = {"text": error, "plan": too_long(answers.one("plan"), PLAN_MAX_CHARS)}
    state, owner = answers.one("state"), answers.one("owner")
    if state not in STATES:
        errors["state"] = "Choose what was decided."
    if state in OWNED and not owner:
        errors["owner"] = "Choose who looks after it."
    errors |= await unlisted(store, "owner", owner)
    if errors := {field: error for field, error in errors.items() if error}:
        return Ask(filled(roam_form(risk_row), answers), errors)
    await store.risks.decide(
        risk_row, text=description, state=state, owner=owner or None, plan=answers.one("plan")
    )
    return whisper(f"Noted: {STATES[state].lower()}.")


async def _live(store: Store, risk_id: int, *, lock: bool = False) -> Risk:
    risk_row = await store.risks.find(risk_id, lock=lock)
    if risk_row is None:
        raise NotFound("There is no such risk here.")
    await open_pi(store, risk_row.pi_id)
    return risk_row


async def _choosable(store: Store, pi_id: int) -> Sequence[Risk]:
    all_risks = await store.risks.of_pi(pi_id)
    if not all_risks:
        raise Mistake("No risk is raised yet. To raise one: ", Typed("pi risk …"))
    return all_risks[:OPTIONS_MAX]


# --- draw ------------------------------------------------------------------------------------


async def draw(store: Store, view: RiskView) -> Card:
    """Draw a risk as it is now."""
    risk_row = await store.risks.find(view.risk_id)
    if risk_row is None:
        raise NotFound("There is no such risk here.")
    team = await store.teams.find(risk_row.team_id)
    running = await store.objectives.pi(risk_row.pi_id)
    people = await store.people.named([risk_row.owner or "", risk_row.raised_by])
    zone = team.zone if team else "UTC"
    facts: list[tuple[str, tuple[Span, ...]]] = [
        ("Team", (shown(team.name if team else ""),)),
        ("Decision", (STATES[risk_row.state],)),
    ]
    if risk_row.decided_at:
        facts.append(("Decided on", (When(risk_row.decided_at, zone, "date"),)))
    if risk_row.owner:
        facts.append(("Owner", (people.get(risk_row.owner, "someone"),)))
    raised = (
        people.get(risk_row.raised_by, "someone"),
        ", ",
        When(risk_row.raised_at, zone, "date"),
    )
    facts.append(("Raised by", raised))
    nodes: list[Node] = [
        heading(f"Risk: {shown(risk_row.text, 120)}"),
        Facts(tuple(facts)),
    ]
    if risk_row.plan:
        nodes.append(text(Bold("What we do: "), risk_row.plan))
    if running is not None and running.state == "open":
        nodes.append(Buttons((Button("Decide", OpenRoam(risk_row.id), opens_form=True),)))
    return Card(f"Risk: {shown(risk_row.text)}. {STATES[risk_row.state]}.", tuple(nodes))


def _board(name: str, risks: Sequence[Risk], owners: dict[str, str]) -> Card:
    rows = tuple(
        (
            "–" if each.state == RAISED else each.state.capitalize(),
            shown(each.text, 90),
            shown(owners.get(each.owner or "", ""), 40),
        )
        for each in risks[:LISTED_MAX]
    )
    title = f"Risks of {name}"
    counts = [f"{sum(r.state == state for r in risks)} {state}" for state in ROAM]
    undecided = sum(each.state == RAISED for each in risks)
    words = f"{undecided} not decided, {', '.join(counts)}."
    nodes: list[Node] = [heading(title), text(words), Table(("Decision", "Risk", "Owner"), rows)]
    if len(risks) > LISTED_MAX:
        nodes.append(text(f"And {len(risks) - LISTED_MAX} more; undecided ones come first."))
    nodes.append(
        Buttons(
            (
                Button("Decide about a risk", OpenRoam(0), opens_form=True),
                Button("Raise a risk", OpenRisk(), opens_form=True),
            )
        )
    )
    return Card(f"{title}: {words}", tuple(nodes))


# --- forms -----------------------------------------------------------------------------------


def new_form() -> Form:
    field = Input(
        "text",
        "What could keep us from our objectives?",
        max_chars=TEXT_MAX_CHARS,
        placeholder="The payment provider changes its interface in January",
    )
    return Form("Raise a risk", SaveRisk(), (field,), submit_label="Raise it")


def choose_form(risks: Sequence[Risk]) -> Form:
    options = tuple(Option(shown(each.text, 75), str(each.id)) for each in risks)
    fields = (Choice("risk", "Which one? Undecided ones come first", options),)
    return Form("Decide about a risk", ChooseRisk(), fields, submit_label="Next")


def roam_form(risk_row: Risk) -> Form:
    options = tuple(Option(words, state) for state, words in STATES.items())
    owner = (risk_row.owner,) if risk_row.owner else ()
    return Form(
        "Decide about a risk",
        SaveRoam(risk_row.id),
        (
            Note(text("Resolved, Owned, Accepted or Mitigated?")),
            Input("text", "The risk", risk_row.text, max_chars=TEXT_MAX_CHARS),
            Choice("state", "What did you decide?", options, (risk_row.state,)),
            Pick("owner", "Who looks after it?", owner, hint="Needed for owned and mitigated"),
            Input(
                "plan",
                "What do you do about it?",
                risk_row.plan,
                multiline=True,
                max_chars=PLAN_MAX_CHARS,
                optional=True,
            ),
        ),
    )
