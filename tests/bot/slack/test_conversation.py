"""What people do in Slack reaches Hone as turns, and what Hone answers reaches them."""

from __future__ import annotations

import pytest

from bot.platform import Address
from bot.turn import Command, Joined, Named, Quote, Said, Shortcut, Submission
from tests.bot.slack.world import CARD, DEV, WORKSPACE, World
from tests.fakes.slack import BOT_USER, direct
from tests.fakes.slack_person import SlackPerson

# --- commands --------------------------------------------------------------------------------


async def test_a_command_is_answered_in_private(slack: World, ann: SlackPerson) -> None:
    await ann.types("/improve Cut the build")
    assert ann.sees() == ["Saved: Cut the build (Ann, Europe/Berlin)"]
    assert SlackPerson(slack.line, "U0BOB", DEV).sees() == []


async def test_what_people_type_is_kept_and_shown_literally(slack: World, ann: SlackPerson) -> None:
    """Bad input: hostile titles are data."""
    for words in (
        "<!channel>",
        "<https://evil|https://bank>",
        "*bold* & {{7*7}}",
        "'); drop table",
    ):
        await ann.types(f"/improve {words}")
        [turn] = slack.demo.turns[-1:]
        assert turn.intent == Command("improve", words)
        assert ann.sees()[-1].startswith(f"Saved: {words} (")


async def test_a_mention_in_a_command_names_a_person(slack: World, ann: SlackPerson) -> None:
    await ann.types("/improve ask <@U0BOB|bob> in <#C0DEV|dev>")
    [turn] = slack.demo.turns
    assert turn.intent == Command("improve", "ask @bob in #dev", (Named("U0BOB", "bob"),))


async def test_people_nobody_has_met_are_named_too(slack: World, ann: SlackPerson) -> None:
    """Slack tells only the ids of a message's author and of those it mentions."""
    slack.slack.add_person("U0BOB", "Bob")
    slack.slack.add_person("U0CAT", "Cat")
    message = slack.slack.add_message("U0BOB", DEV, "Ask <@U0CAT> or <@U0GONE>")
    await ann.uses("log_improvement", on=message)
    [turn] = slack.demo.turns
    assert isinstance(turn.intent, Shortcut)
    assert turn.intent.quote is not None
    assert turn.intent.quote.author == "Bob"
    assert turn.intent.quote.text == "Ask @Cat or @someone"


async def test_a_command_opens_a_form(ann: SlackPerson) -> None:
    await ann.types("/wsjf")
    assert "Rate #7" in ann.form_says()


async def test_a_form_that_came_too_late_is_explained(slack: World, ann: SlackPerson) -> None:
    """Slack lets a trigger go after three seconds; silence would look like a broken bot."""
    slack.slack.refuse_next("views.open", "expired_trigger_id")
    await ann.types("/wsjf")
    assert ann.form is None
    assert "took me too long" in ann.reads()


async def test_an_unknown_command_names_the_nearest(ann: SlackPerson) -> None:
    await ann.types("/improv x")
    assert "nearest: /improve" in ann.reads()


async def test_a_failure_is_said_plainly_and_nothing_is_lost_silently(
    slack: World, ann: SlackPerson
) -> None:
    slack.database.broken = True
    await ann.types("/improve x")
    assert slack.line.status == 200
    assert "Not saved" in ann.reads()


async def test_a_command_in_a_chat_of_two_others_stays_with_the_person(
    slack: World, ann: SlackPerson
) -> None:
    """Hone cannot write into their chat; an item posted there would never appear."""
    slack.slack.channels["D0OTHERS"] = {"U0ANN", "U0BOB"}
    await ann.types("/improve x", channel="D0OTHERS")
    [turn] = slack.demo.turns
    assert (turn.place.channel, turn.place.private) == (direct("U0ANN"), True)


# --- mentions, direct messages, joining ------------------------------------------------------


async def test_a_mention_in_a_thread_is_a_command_there(slack: World, ann: SlackPerson) -> None:
    start = slack.slack.add_message("U0ANN", DEV, "Builds are slow")
    await ann.mentions("Improve the build", thread=start.ts)
    [turn] = slack.demo.turns
    link = f"https://hone-test.slack.com/archives/{DEV}/p{start.ts.replace('.', '')}"
    assert turn.intent == Command("improve", "the build", (), Quote("", link=link))
    assert turn.place.thread == start.ts
    assert ann.sees()[-1].startswith("Saved: the build")
    assert slack.slack.messages[-1].thread_ts == start.ts


async def test_a_mention_that_needs_a_form_offers_a_button(slack: World, ann: SlackPerson) -> None:
    """Words bring no trigger, and slash commands do not work in threads."""
    await ann.mentions("wsjf #7")
    assert ann.form is None
    await ann.clicks("Open the form")
    assert "Rate #7" in ann.form_says()
    assert [turn.intent for turn in slack.demo.turns] == [Command("wsjf", "#7")] * 2


async def test_the_button_for_a_form_remembers_the_thread(slack: World, ann: SlackPerson) -> None:
    start = slack.slack.add_message("U0ANN", DEV, "Builds are slow")
    await ann.mentions("wsjf", thread=start.ts)
    await ann.clicks("Open the form")
    first, second = slack.demo.turns
    assert first.intent == second.intent


async def test_a_reaction_offers_to_log_the_message_once(slack: World, ann: SlackPerson) -> None:
    """Slack sends which message it was, never its words."""
    start = slack.slack.add_message("U0BOB", DEV, "Builds are slow")
    for _ in range(2):  # given, taken back, and given again
        await ann.reacts("bulb", start)
    [turn] = slack.demo.turns
    assert isinstance(turn.intent, Shortcut)
    assert turn.intent.name == "offer_to_log"
    assert turn.intent.quote is not None
    assert turn.intent.quote.text == ""
    assert turn.intent.quote.link.endswith(f"/archives/{DEV}/p{start.ts.replace('.', '')}")
    assert ann.sees()[-1] == "Hello!"
    assert SlackPerson(slack.line, "U0BOB", DEV).sees() == ["Builds are slow"]


async def test_other_reactions_mean_nothing(slack: World, ann: SlackPerson) -> None:
    start = slack.slack.add_message("U0BOB", DEV, "Builds are slow")
    await ann.reacts("tada", start)
    await slack.line.event(
        {"type": "reaction_added", "user": "U0ANN", "reaction": "bulb", "item": {"type": "file"}}
    )
    assert slack.demo.turns == []


async def test_somebody_who_is_not_in_the_channel_is_told_alone(
    slack: World, ann: SlackPerson
) -> None:
    slack.slack.channels[DEV].discard("U0ANN")
    await ann.mentions("improve x")
    assert slack.slack.in_channel(direct("U0ANN"))[-1].said.startswith("Saved: x")


async def test_plain_words_to_hone_are_heard(slack: World, ann: SlackPerson) -> None:
    await ann.writes("Good morning")
    await ann.writes("improve the build")
    assert [turn.intent for turn in slack.demo.turns] == [
        Said("Good morning"),
        Command("improve", "the build"),
    ]
    assert ann.sees(direct("U0ANN"))[1] == "Hello!"


async def test_our_own_messages_are_ignored(slack: World, ann: SlackPerson) -> None:
    """Answering oneself never ends."""
    event = {"type": "message", "channel_type": "im", "channel": direct("U0ANN"), "ts": "1.2"}
    await slack.line.event(event | {"user": BOT_USER, "text": "improve x"})
    await slack.line.event(event | {"bot_id": "B0OTHER", "user": "U0ANN", "text": "improve x"})
    await slack.line.event(event | {"subtype": "message_changed", "message": {}})
    mention = {"type": "app_mention", "channel": DEV, "text": f"<@{BOT_USER}> improve x"}
    await slack.line.event(mention | {"user": BOT_USER, "ts": "1.3"})
    await slack.line.event(mention | {"bot_id": "B0OTHER", "user": "U0BOT", "ts": "1.4"})
    assert slack.line.status == 200
    assert slack.demo.turns == []


async def test_joining_greets_who_invited(slack: World, ann: SlackPerson) -> None:
    await ann.invites_hone()
    [turn] = slack.demo.turns
    assert turn.intent == Joined()
    assert turn.person.id == "U0ANN"
    assert ann.reads() == "Hello!"


# --- buttons and forms -----------------------------------------------------------------------


async def test_a_button_opens_a_form_and_the_form_comes_back(
    slack: World, ann: SlackPerson
) -> None:
    await ann.types("/card")
    await ann.clicks("Rate")
    await ann.submits({"Why": "  because <b> ", "Size": "5"})
    turn = slack.demo.turns[-1]
    assert isinstance(turn.intent, Submission)
    assert dict(turn.answers) == {"why": ("because <b>",), "size": ("5",)}
    assert turn.place.channel == DEV
    assert ann.form is None
    assert ann.reads() == "Rated 5"


async def test_a_private_card_is_replaced_where_it_stands(ann: SlackPerson) -> None:
    await ann.types("/card")
    await ann.clicks("Tick")
    assert ann.sees() == ["Ticked."]


async def test_a_public_card_is_never_replaced_by_private_words(
    slack: World, ann: SlackPerson
) -> None:
    """The others still need the card."""
    ref = await slack.adapter.post(Address(WORKSPACE, DEV), CARD)
    await ann.clicks("Tick", on=slack.slack.message(DEV, ref))
    assert slack.slack.message(DEV, ref).text.startswith("Item #7")
    assert ann.reads() == "Ticked."
    assert slack.demo.turns[-1].post == ref


async def test_an_error_stands_at_its_field_and_the_form_can_be_sent_again(
    slack: World, ann: SlackPerson
) -> None:
    """An error must not cost the text, nor make the corrected form look like a repetition."""
    await ann.types("/wsjf")
    await ann.submits({"Why": "field", "Size": "5"})
    assert ann.errors == {"why": "Please say more."}
    await ann.submits({"Why": "enough"})
    assert ann.form is None
    assert ann.reads() == "Rated 5"


async def test_an_error_of_the_whole_form_stands_on_top(ann: SlackPerson) -> None:
    await ann.types("/wsjf")
    await ann.submits({"Why": "form", "Size": "5"})
    assert "The poll is closed." in ann.form_says()
    await ann.submits({"Why": "fine"})
    assert ann.reads() == "Rated 5"


async def test_a_mistake_keeps_the_form_open_with_what_was_typed(ann: SlackPerson) -> None:
    await ann.types("/wsjf")
    await ann.submits({"Why": "mistake", "Size": "5"})
    await ann.submits()
    assert ann.form_says().count("Somebody was faster.") == 1
    await ann.submits({"Why": "fine"})
    assert ann.reads() == "Rated 5"


async def test_an_unreachable_database_keeps_the_form_open(slack: World, ann: SlackPerson) -> None:
    await ann.types("/wsjf")
    slack.database.broken = True
    await ann.submits({"Why": "x", "Size": "5"})
    assert "Not saved" in ann.form_says()
    slack.database.broken = False
    await ann.submits()
    assert ann.reads() == "Rated 5"


async def test_a_form_can_lead_to_the_next(slack: World, ann: SlackPerson) -> None:
    await ann.types("/wsjf")
    await ann.submits({"Why": "next", "Size": "5"})
    await ann.submits({"More": "yes"})
    assert slack.demo.turns[-1].answers.one("more") == "yes"
    assert ann.reads() == "Skipped 8"


async def test_the_second_button_of_a_form_sends_the_same_answers(
    slack: World, ann: SlackPerson
) -> None:
    await ann.types("/wsjf")
    await ann.fills({"Why": "not today"})
    await ann.clicks("Skip it")
    assert slack.demo.turns[-1].answers.one("why") == "not today"
    assert "Skipped 7" in ann.form_says()


async def test_an_old_button_says_so(slack: World, ann: SlackPerson) -> None:
    ref = await slack.adapter.post(Address(WORKSPACE, DEV), CARD)
    posted = slack.slack.message(DEV, ref)
    next(posted.buttons())["value"] = '["gone.action",1]'
    await ann.clicks("Rate", on=posted)
    assert "out of date" in ann.reads()


@pytest.mark.parametrize(
    "carried", ["", "{", "[]", '["[\\"gone\\",1]",{}]', "[" * 3_000, "9" * 3_000]
)
async def test_a_form_of_an_older_version_keeps_what_was_typed(
    slack: World, ann: SlackPerson, carried: str
) -> None:
    """Hone is updated while somebody writes; a closed form would take their words with it."""
    await ann.types("/wsjf")
    assert ann.form is not None
    ann.form.drawn["private_metadata"] = carried
    await ann.submits({"Why": "Because it matters", "Size": "5"})
    assert "copy what you typed" in ann.form_says()
    assert ann.form is not None, "the form closed"
    assert ann.prefilled("why") == {"type": "plain_text_input", "value": "Because it matters"}


# --- shortcuts -------------------------------------------------------------------------------


async def test_a_message_becomes_an_item_with_its_link(slack: World, ann: SlackPerson) -> None:
    slack.person("U0BOB", "Bob")
    await SlackPerson(slack.line, "U0BOB", DEV).types("/improve x")
    said = slack.slack.add_message("U0BOB", DEV, "We wait &amp; wait for <@U0ANN>")
    await ann.uses("log_improvement", on=said)
    intent = slack.demo.turns[-1].intent
    assert isinstance(intent, Shortcut)
    assert intent.quote
    assert intent.quote.text == "We wait & wait for @Ann"
    assert intent.quote.author == "Bob"
    assert intent.quote.link.startswith("https://hone-test.slack.com/archives/C0DEV/p")
    assert ann.form is not None


async def test_a_shortcut_on_its_own_answers_in_the_persons_chat(
    slack: World, ann: SlackPerson
) -> None:
    await ann.uses("new")
    await ann.submits({"Why": "", "Size": "5"})
    assert ann.sees(direct("U0ANN")) == ["Rated 5"]


# --- once ------------------------------------------------------------------------------------


async def test_every_delivery_counts_once(slack: World, ann: SlackPerson) -> None:
    """Slack repeats what it thinks was lost."""
    await ann.types("/improve x")
    await slack.line.again()
    await ann.mentions("improve y")
    await slack.line.again()
    await ann.types("/card")
    await ann.clicks("Tick")
    await slack.line.again()
    assert slack.line.status == 200
    assert len(slack.demo.turns) == 3


async def test_a_form_sent_twice_is_taken_once(slack: World, ann: SlackPerson) -> None:
    await ann.types("/wsjf")
    view = ann.form
    await ann.submits({"Size": "5"})
    assert view
    slack.slack.views["U0ANN"] = view
    await ann.submits({"Size": "8"})
    assert len([t for t in slack.demo.turns if isinstance(t.intent, Submission)]) == 1
    assert ann.form is None


async def test_an_event_that_was_not_saved_is_brought_again(slack: World, ann: SlackPerson) -> None:
    slack.database.broken = True
    await ann.mentions("improve x")
    assert slack.line.status == 503
    slack.database.broken = False
    await slack.line.again()
    assert slack.line.status == 200
    assert len(slack.demo.turns) == 1


# --- removal ---------------------------------------------------------------------------------


async def test_uninstalling_is_told_in_either_order(slack: World) -> None:
    await slack.line.event({"type": "tokens_revoked", "tokens": {"bot": [BOT_USER]}})
    await slack.line.event({"type": "app_uninstalled"})
    assert slack.removed == ["slack:T0HONE"] * 2


async def test_a_revoked_token_of_somebody_else_removes_nothing(slack: World) -> None:
    await slack.line.event({"type": "tokens_revoked", "tokens": {"oauth": ["U0ANN"]}})
    assert slack.removed == []


async def test_an_uninstall_that_was_not_noted_is_brought_again(slack: World) -> None:
    slack.database.broken = True
    await slack.line.event({"type": "app_uninstalled"})
    assert slack.line.status == 503
