"""Ask how confident everyone is in the plan: a hidden number from 1 to 5, one reveal.

Only how many gave each number is ever shown, never who gave which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Choice,
    Confirm,
    Form,
    Node,
    Note,
    Option,
    Series,
    Typed,
    filled,
    heading,
    subtle,
    text,
)
from bot.turn import Ask, Mistake, NotFound, Post, Refresh, Reply, Turn, whisper
from handlers.objectives.access import member, open_pi, planned, shown
from handlers.objectives.actions import (
    CancelFists,
    CastFist,
    ConfidenceResultView,
    ConfidenceView,
    OpenFist,
    RevealFists,
    StartConfidence,
)
from handlers.phrases import counted
from handlers.rules.access import Permission
from handlers.rules.guard import lead_train
from storage import Store
from storage.confidence import CANCELLED, FISTS, OPEN, REVEALED, ConfidenceVote

FISTS_IN_WORDS = {
    5: "5: I would bet on it",
    4: "4: confident",
    3: "3: it can work",
    2: "2: I doubt it",
    1: "1: it will not work",
}
DOUBT_MAX = 2
REWORK_BELOW = 3
"""SAFe: below an average of three fingers the plan is reworked before anybody commits to it."""

NAMES_MAX = 30


# --- start and vote --------------------------------------------------------------------------


async def confidence(turn: Turn, store: Store, _: str | StartConfidence) -> Reply:
    """Start a vote on the PI's plan; while one is open, show it here, too."""
    team = await member(turn, store)
    if turn.place.private:
        raise Mistake(
            "Votes happen where the team talks: use ", Typed("pi confidence"), " in its channel."
        )
    running = await open_pi(store, (await planned(store, team)).id, lock=True)
    vote = await store.confidence.open_of(running.id)
    if vote is None:
        vote = await store.confidence.start(running.id, turn.person.id)
    return Post(ConfidenceView(vote.id))


async def open_fist(turn: Turn, store: Store, act: OpenFist) -> Reply:
    """Open the caller's own ballot with the number they gave so far."""
    await member(turn, store)
    vote = await _found(store, act.vote_id)
    if vote.state != OPEN:
        return Refresh(ConfidenceView(vote.id)), whisper(f"This vote {_over(vote)}.")
    return Ask(ballot(vote.id, await store.confidence.own(vote, turn.person.id)))


async def cast(turn: Turn, store: Store, act: CastFist) -> Reply:
    """Record the caller's number, replacing an earlier one."""
    await member(turn, store)
    vote = await store.confidence.for_ballot(act.vote_id)
    if vote is None:
        raise NotFound("There is no such vote here.")
    answer = turn.answers.one("fist")
    if vote.state != OPEN:
        error = f"This vote {_over(vote)}, so your number was not counted."
        return Ask(filled(ballot(vote.id, None), turn.answers), {"": error})
    if answer not in map(str, FISTS):
        form = filled(ballot(vote.id, None), turn.answers)
        return Ask(form, {"fist": "Choose a number from 1 to 5."})
    await store.confidence.cast(vote, turn.person.id, int(answer), turn.acted_at)
    return whisper("Your vote is in. You can change it until the reveal: press Vote.")


def ballot(vote_id: int, own: int | None) -> Form:
    options = tuple(Option(words, str(fist)) for fist, words in FISTS_IN_WORDS.items())
    why = "Nobody sees your number. The reveal shows only how many gave each."
    return Form(
        "Your confidence",
        CastFist(vote_id),
        (
            Note(text("How confident are you that we reach the objectives of this PI?")),
            Choice("fist", "From 1 to 5", options, (str(own),) if own else (), hint=why),
        ),
        submit_label="Save my vote",
    )


# --- close -----------------------------------------------------------------------------------


async def reveal(turn: Turn, store: Store, act: RevealFists) -> Reply:
    """Show how many gave each number."""
    vote = await store.confidence.for_change(act.vote_id)
    if vote is None:
        raise NotFound("There is no such vote here.")
    if vote.state != OPEN:
        return Refresh(ConfidenceView(vote.id)), whisper(f"This vote {_over(vote)} already.")
    await _may_lead(turn, store, vote)
    if not await store.confidence.voters(vote):
        raise Mistake("Nobody has voted yet, so there is nothing to reveal.")
    await store.confidence.close(vote, REVEALED, by=turn.person.id)
    return Post(ConfidenceResultView(vote.id), ConfidenceView(vote.id))


async def cancel(turn: Turn, store: Store, act: CancelFists) -> Reply:
    """Close the vote without showing any number."""
    vote = await store.confidence.for_change(act.vote_id)
    if vote is None:
        raise NotFound("There is no such vote here.")
    if vote.state != OPEN:
        return Refresh(ConfidenceView(vote.id)), whisper(f"This vote {_over(vote)} already.")
    await _may_lead(turn, store, vote)
    await store.confidence.close(vote, CANCELLED, by=turn.person.id)
    return None


async def _may_lead(turn: Turn, store: Store, vote: ConfidenceVote) -> None:
    """Make sure that this person may close the vote."""
    await member(turn, store)
    running = await store.objectives.pi(vote.pi_id)
    assert running is not None
    wanted = Permission.LEAD_CONFIDENCE
    await lead_train(turn, store, running.train_id, wanted, vote.facilitator)


async def _found(store: Store, vote_id: int) -> ConfidenceVote:
    vote = await store.confidence.find(vote_id)
    if vote is None:
        raise NotFound("There is no such vote here.")
    return vote


def _over(vote: ConfidenceVote) -> str:
    return "was cancelled" if vote.state == CANCELLED else "has been revealed"


# --- draw ------------------------------------------------------------------------------------


async def draw(store: Store, view: ConfidenceView) -> Card:
    """Draw a vote as it is now; while it is open, nothing here reads a number."""
    vote = await _found(store, view.vote_id)
    running = await store.objectives.pi(vote.pi_id)
    title = f"Confidence in {shown(running.name) if running else 'the PI'}"
    if vote.state == OPEN:
        voters = await store.confidence.voters(vote)
        names = await store.people.named([*voters, vote.facilitator])
        return _open_card(vote, title, voters, names)
    if vote.state == CANCELLED:
        words = "This vote was cancelled. No numbers were shown."
        return Card(f"{title}: the vote was cancelled.", (heading(title), text(words)))
    fists = await store.confidence.fists(vote)
    return _revealed_card(title, fists, await _before(store, vote))


async def draw_result(store: Store, view: ConfidenceResultView) -> Card:
    """Draw the note in the thread that tells the channel about the reveal."""
    vote = await _found(store, view.vote_id)
    words = f"The votes are on the table: {average_words(await store.confidence.fists(vote))}."
    return Card(words, (text(words),))


def _open_card(
    vote: ConfidenceVote, title: str, voters: Sequence[str], names: dict[str, str]
) -> Card:
    count = f"{counted(len(voters), 'person has', 'people have')} voted"
    voted = ", ".join(names.get(voter, "someone") for voter in voters[:NAMES_MAX])
    more = f" and {len(voters) - NAMES_MAX} more" if len(voters) > NAMES_MAX else ""
    voters_line = text(Bold(count), f": {voted}{more}") if voters else text("Nobody has voted yet.")
    buttons = Buttons(
        (
            Button("Vote", OpenFist(vote.id), style="primary", opens_form=True),
            Button(
                "Reveal",
                RevealFists(vote.id),
                confirm=Confirm("Reveal all votes?", f"{count}. The vote ends with it.", "Reveal"),
            ),
            Button(
                "Cancel",
                CancelFists(vote.id),
                confirm=Confirm("Cancel this vote?", "No number will be shown.", "Cancel the vote"),
            ),
        )
    )
    hidden = subtle(
        "Numbers stay hidden until the reveal; who gave which stays hidden for good. "
        f"{names.get(vote.facilitator, 'Someone')} started this vote."
    )
    nodes = (
        heading(title),
        text("How confident are you that we reach the objectives of this PI?"),
        voters_line,
        hidden,
        buttons,
    )
    return Card(f"{title}. {count}.", nodes)


def _revealed_card(title: str, fists: Sequence[int], before: str) -> Card:
    words = average_words(fists)
    counts = Counter(fists)
    chart = Chart(
        "bar",
        "How many gave each number",
        tuple(map(str, FISTS)),
        (Series("People", tuple(float(counts[fist]) for fist in FISTS)),),
        ", ".join(f"{fist}: {counts[fist]}" for fist in FISTS),
    )
    nodes: list[Node] = [heading(title), text(Bold(words), f".{before}"), chart]
    if doubts := sum(counts[fist] for fist in FISTS if fist <= DOUBT_MAX):
        gave = "person gave" if doubts == 1 else "people gave"
        nodes.append(
            text(
                f"{doubts} {gave} {DOUBT_MAX} or less. What would have to change for a higher "
                "number? Worth hearing, from whoever wants to say."
            )
        )
    if average(fists) < REWORK_BELOW:
        nodes.append(text(f"The average is below {REWORK_BELOW}: better change the plan first."))
    return Card(f"{title}: {words}.", tuple(nodes))


def average(fists: Sequence[int]) -> Fraction:
    return Fraction(sum(fists), len(fists))


def average_words(fists: Sequence[int]) -> str:
    """Return `3.8 of 5 (9 votes)`."""
    if not fists:
        return "no votes"
    return f"{float(average(fists)):.1f} of 5 ({counted(len(fists), 'vote')})"


async def _before(store: Store, vote: ConfidenceVote) -> str:
    earlier = [each for each in await store.confidence.revealed(vote.pi_id) if each.id < vote.id]
    if not earlier:
        return ""
    return f" The vote before came to {average_words(await store.confidence.fists(earlier[-1]))}."


async def average_so_far(store: Store, pi_id: int) -> str:
    """Return what the last revealed vote came to, "not voted yet" without one."""
    revealed = await store.confidence.revealed(pi_id)
    if revealed:
        return average_words(await store.confidence.fists(revealed[-1]))
    return "voting now" if await store.confidence.open_of(pi_id) else "not voted yet"
