"""An item's live card, and the forms around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Choice,
    Day,
    Facts,
    Field,
    Form,
    FormButton,
    Input,
    Link,
    Mention,
    Node,
    Note,
    Option,
    Pick,
    Span,
    heading,
    quote,
    subtle,
    text,
)
from bot.turn import SOMEONE
from handlers.capture.actions import (
    Assign,
    Drop,
    Edit,
    Finish,
    Join,
    ReadAll,
    Save,
    SaveEdit,
    TakeBack,
    TakeOffer,
    Undo,
)
from handlers.capture.outcome import metric_field, outcome_question
from handlers.capture.refinement import refinement_facts, relations
from handlers.capture.theming import theme_fact
from handlers.phrases import cut, listed, shortened
from handlers.reader.names import day_words
from handlers.reader.offers import Offer
from handlers.rules.edit_token import EditToken
from handlers.rules.hypothesis import sentence, written
from handlers.rules.limits import TITLE_MAX_CHARS
from handlers.ui.actions import CoachItem, MakeFocus, OpenMove, OpenNew
from handlers.ui.details import details_field
from handlers.ui.there import elsewhere
from handlers.ui.views import UNDO_FOR
from storage import Store
from storage.edits import NOTED
from storage.items import Item, ItemEvent
from storage.states import KINDS
from storage.voices import ItemVoice

UNSIGNED_NOTE = (
    "Nobody's name is kept with it. The chat itself may log what you typed, and your way of "
    "writing may give you away."
)
TAKE_BACK_NOTE = "For ten minutes you can take it back, with this button only. After that, nobody."

SHOWN_MAX_CHARS = 600
"""How much of an item's details its card shows; the rest is a press away."""
THEMES_MAX_CHARS = 3_000

VOICES_SHOWN = 3
IN_SIGHT = 2

EFFECT_WORDS = {
    "moved": "It moved",
    "not moved": "It did not move",
    "cannot tell": "Nobody can tell whether it moved",
}


async def draw_item(store: Store, item: Item, event: ItemEvent | None) -> Card:
    """Draw an item with what can be done to it now."""
    people = [p for p in (item.owner, item.created_by, event.person if event else None) if p]
    names = await store.people.named(people)
    voices = await store.voices.of(item.number)
    voiced = await store.people.named([voice.person for voice in voices])
    nodes: list[Node] = [heading(f"#{item.number} {one_line(item.title)}")]
    if item.description:
        nodes.append(quote(cut(item.description, SHOWN_MAX_CHARS)))
    facts = _facts(item, names)
    facts[-1:-1] = await theme_fact(store, item)
    nodes.append(Facts(tuple(facts)))
    there = await elsewhere(store, item)
    if there.name is not None:
        nodes.append(text(there.name))
    nodes += there.nodes
    nodes += await relations(store, item)
    nodes += _hypothesis(item)
    if voices:
        nodes += _support(voices, voiced, in_words=not there.restricted)
    if item.link:
        nodes.append(text(Link("The message it came from", item.link)))
    focus = await store.teams.has_in_focus(item.team_id, item.number)
    if focus:
        nodes.append(text(Bold("Our focus"), ": the one small improvement we make now."))
    nodes.append(_buttons(item, event, store, there.buttons, focus=focus))
    return Card(f"#{item.number} {one_line(item.title)} ({state_words(item)})", tuple(nodes))


def _facts(item: Item, names: Mapping[str, str]) -> list[tuple[str, tuple[Span, ...]]]:
    owner = _who(item.owner, names) if item.owner else "nobody yet"
    facts: list[tuple[str, tuple[Span, ...]]] = [
        ("State", (Bold(state_words(item)),)),
        ("Owner", (owner,)),
    ]
    if item.due:
        facts.append(("Due", (day_words(item.due),)))
    if item.themes:
        facts.append(("Themes", (" ".join(f"#{theme}" for theme in item.themes),)))
    if item.kind != "improvement":
        facts.append(("Kind", (item.kind,)))
    if item.level == "train":
        facts.append(("Backlog", ("the whole train",)))
    if item.wsjf is not None:
        facts.append(("WSJF", (f"{item.wsjf:.1f}",)))
    facts += refinement_facts(item)
    author = _who(item.created_by, names) if item.created_by else "not recorded"
    facts.append(("Captured by", (author,)))
    return facts


def _hypothesis(item: Item) -> list[Node]:
    """What is tried, what it should move, and what came of it."""
    nodes: list[Node] = []
    words = sentence(item.experiment, item.metric, item.metric_from, item.metric_to, item.check_on)
    if words:
        nodes.append(text(words))
    if item.effect:
        came = EFFECT_WORDS[item.effect]
        nodes.append(text(Bold(came), f": {item.effect_value}" if item.effect_value else "", "."))
    return nodes


def _who(person: str, names: Mapping[str, str]) -> Span:
    """Return a name or, while there is none, a mention, which a platform shows by itself."""
    return names.get(person) or Mention(person, SOMEONE)


def _support(
    voices: Sequence[ItemVoice], names: Mapping[str, str], *, in_words: bool
) -> list[Node]:
    """Who else said so, and in which words if others may read those."""
    supporters = [names.get(voice.person, "someone") for voice in voices]
    raised = listed(supporters, 3 if len(supporters) == 3 else 2)
    nodes: list[Node] = [subtle(f"{len(voices) + 1} voices. Also raised by {raised}.")]
    nodes += [
        quote(f"{name}: {one_line(voice.text)}")
        for name, voice in list(zip(supporters, voices, strict=True))[:VOICES_SHOWN]
        if in_words
    ]
    return nodes


def _buttons(
    item: Item,
    event: ItemEvent | None,
    store: Store,
    there: Sequence[Button],
    *,
    focus: bool,
) -> Buttons:
    """The two likeliest steps in sight, the others behind More."""
    n = item.number
    edit = Button("Edit", Edit(n), opens_form=True, hint=f"Edit #{n}, opens a form")
    move = Button("Move", OpenMove(n), opens_form=True, hint=f"Move #{n}, refine or split it")
    assign = Button("Assign", Assign(n), opens_form=True, hint=f"Assign #{n}, opens a form")
    done = Button("Done", Finish(n), hint=f"Mark #{n} as done")
    steps = [move, edit] if item.is_finished else [done, assign, edit, move]
    if not (item.is_finished or item.owner):
        steps[:2] = [assign, done]
    is_fresh = event is not None and _can_be_undone(event, store)
    if event is not None and is_fresh:
        store.holds_until(event.at + UNDO_FOR)
        steps.insert(1, Button("Undo", Undo(n), hint=f"Undo the last change of #{n}"))
    if not item.is_finished:
        steps.append(
            Button("Drop", Drop(n), opens_form=True, hint=f"Drop #{n}, asks for the reason")
        )
    steps += there
    steps += _further(item, can_be_focus=not focus and not is_fresh)
    return Buttons(tuple(steps[:IN_SIGHT]), tuple(steps[IN_SIGHT:]))


def _further(item: Item, *, can_be_focus: bool) -> Iterator[Button]:
    """What comes later; an item that just came in is no focus yet, and its menu stays short."""
    n = item.number
    if item.kind == "improvement" and not item.is_finished:
        label = "Hypothesis" if item.metric else "Coach me"
        hint = f"Think #{n} through, opens a form"
        yield Button(label, CoachItem(n), opens_form=True, hint=hint)
        if can_be_focus:
            hint = f"Make #{n} the one improvement the team makes now"
            yield Button("Make it our focus", MakeFocus(n), hint=hint)
    if len(item.description) > SHOWN_MAX_CHARS:
        yield Button("Read it all", ReadAll(n), hint=f"Show you all of #{n}")


def _can_be_undone(event: ItemEvent, store: Store) -> bool:
    """Links stand in a table of their own: what an item waits for is changed where it was set."""
    is_change = bool(event.person) and event.kind not in NOTED
    return is_change and store.now - event.at < UNDO_FOR


# --- forms -----------------------------------------------------------------------------------


def new_form(
    *,
    title: str = "",
    details: str = "",
    themes: Sequence[str] = (),
    owner: str | None = None,
    due: date | None = None,
    kind: str = "improvement",
    level: str = "team",
    metric: str = "",
    link: str = "",
) -> Form:
    """The form for a new item, with whatever is known already filled in."""
    return Form(
        "Log an improvement",
        Save(link),
        _item_fields(title, details, themes, owner, due, kind, level, metric),
        submit_label="Save",
    )


def edit_form(item: Item) -> Form:
    return Form(
        f"Edit #{item.number}",
        SaveEdit(item.number),
        _item_fields(
            item.title,
            item.description,
            item.themes,
            item.owner,
            item.due,
            item.kind,
            item.level,
            written(item.metric, item.metric_from, item.metric_to),
        ),
    )


def _item_fields(
    title: str,
    details: str,
    themes: Sequence[str],
    owner: str | None,
    due: date | None,
    kind: str,
    level: str,
    metric: str,
) -> tuple[Field, ...]:
    return (
        Input(
            "title",
            "What should get better?",
            title,
            max_chars=TITLE_MAX_CHARS,
            placeholder="One sentence, such as: Estimation runs long",
        ),
        details_field(details),
        Input(
            "themes",
            "Themes",
            " ".join(f"#{theme}" for theme in themes),
            max_chars=THEMES_MAX_CHARS,
            optional=True,
            placeholder="#dependencies #test-data",
        ),
        Pick("owner", "Owner", (owner,) if owner else ()),
        Day("due", "Due", due),
        Choice(
            "kind", "Kind", tuple(Option(known.capitalize(), known) for known in KINDS), (kind,)
        ),
        Choice(
            "level",
            "Backlog",
            (Option("This team's", "team"), Option("The whole train's", "train")),
            (level,),
        ),
        metric_field(metric),
    )


def alike_form(
    form: Form, link: str, alike: Sequence[tuple[int, str]], notes: Sequence[str] = ()
) -> Form:
    """The same form, offering items that look alike first: join one, or save anyway."""
    lines: list[Field] = [
        Note(text(Bold("This looks like something we have:"))),
        *(Note(text(f"#{number} {cut(title, 140)}")) for number, title in alike),
        *(Note(subtle(note)) for note in notes),
    ]
    joins = tuple(FormButton(f"Add mine to #{number}", Join(number)) for number, _ in alike)
    return replace(
        form,
        submit=Save(link, alike_shown=True),
        fields=(*lines, *form.fields),
        submit_label="Save as a new item",
        also=joins,
    )


# --- what people are told --------------------------------------------------------------------


def saved(
    item: Item,
    understood: Sequence[str],
    notes: Sequence[str],
    offers: Sequence[Offer] = (),
    theme: Sequence[Node] = (),
) -> Card:
    """Tell what was understood, so that a wrong guess is seen at once; offer what was not."""
    understood_words = f" I understood: {', '.join(understood)}." if understood else ""
    nodes: list[Node] = [text("Saved as ", Bold(f"#{item.number}"), f".{understood_words}")]
    nodes += [subtle(note) for note in notes]
    if offers:
        nodes.append(Buttons(tuple(_offer(item.number, offer) for offer in offers)))
    nodes += theme
    nodes += outcome_question(item)
    return Card(f"Saved as #{item.number}.", tuple(nodes))


def _offer(number: int, offer: Offer) -> Button:
    action = TakeOffer(number, offer.kind, offer.value)
    return Button(offer.label, action, hint=f"{offer.label}: #{number}")


def whole(item: Item) -> Card:
    """Show all that an item says, to one person."""
    title = f"#{item.number} {item.title}"
    return Card(title, (heading(title), quote(item.description)))


def saved_unsigned(
    item: Item, understood: Sequence[str], notes: Sequence[str], token: EditToken
) -> Card:
    """Tell what was understood, and hold the only way to take it back."""
    card = saved(item, understood, (*notes, UNSIGNED_NOTE, TAKE_BACK_NOTE))
    button = Button("Take it back", TakeBack(item.number, token.secret, token.until))
    return Card(card.summary, (*card.nodes, Buttons((button,))))


def offer_to_log(link: str) -> Card:
    """Ask whether to log a message that somebody reacted to."""
    where: tuple[Span, ...] = (" (", Link("the message", link), ")") if link else ()
    return Card(
        "Log this message as an improvement?",
        (
            text("Log this message as an improvement?", *where),
            subtle("I can't read it: say in a sentence what should get better."),
            Buttons((Button("Log improvement", OpenNew(link), "primary", opens_form=True),)),
        ),
    )


def state_words(item: Item) -> str:
    if item.state == "dropped" and item.dropped_because:
        return f"dropped: {item.dropped_because}"
    return item.state


def one_line(title: str) -> str:
    """A title as a heading shows it; the whole of it stands in the edit form."""
    return shortened(title, 130)
