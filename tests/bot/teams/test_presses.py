"""Buttons and forms in Teams: what a press changes, and what nobody can press."""

from __future__ import annotations

import json

import pytest

from bot.turn import Click, Submission
from tests.bot.teams.world import World
from tests.fakes.teams import CHANNEL


async def test_a_form_opens_and_its_answers_arrive(world: World) -> None:
    world.person("Bo")
    ana = await world.person().says("@Hone board")
    await world.settle()
    await ana.clicks("Write")
    assert ana.sees_dialog().startswith("Write a note")
    answers = {"note": "by form", "tags": "a,b", "loud": "on", "owner": "aad-bo"}
    await ana.submits(answers)
    assert isinstance(world.turn.intent, Submission)
    assert dict(world.turn.answers) == {
        "note": ("by form",),
        "tags": ("a", "b"),
        "loud": ("on",),
        "owner": ("29:bo",),
    }
    assert not ana.has_dialog
    await world.settle()
    assert "by form" in ana.sees()


async def test_an_error_keeps_the_form_open(world: World) -> None:
    ana = await world.person().says("@Hone board")
    await world.settle()
    await ana.clicks("Write")
    await ana.submits({"note": ""})
    assert "Please write something." in ana.sees_dialog()
    await ana.submits({"note": "now"})
    assert world.notes.written == ["now"]


async def test_a_refused_form_gives_the_text_back(world: World) -> None:
    """Teams closes a form once it is sent, so what was typed comes back with a way to resend it."""
    ana = await world.person().says("@Hone board")
    await world.settle()
    await ana.clicks("Write")
    await ana.submits({"note": "forbidden"})
    assert "This board is closed." in ana.sees_dialog()
    assert "forbidden" in ana.sees_dialog()
    await ana.clicks("Try again")
    assert world.turn.answers.one("note") == "forbidden"


async def test_a_form_sent_twice_counts_once(world: World) -> None:
    """Teams repeats a slow submission under a new activity id: the form's own key tells."""
    ana = await world.person().says("@Hone board")
    await world.settle()
    await ana.clicks("Write")
    dialog = ana.dialog
    await ana.submits({"note": "once"})
    ana.dialog = dialog
    await ana.submits({"note": "once"})
    assert world.notes.written == ["once"]
    assert (ana.status, ana.has_dialog) == (200, False)


async def test_a_second_button_sends_the_same_answers_elsewhere(world: World) -> None:
    ana = await world.person().says("@Hone board")
    await world.settle()
    await ana.clicks("Write")
    await ana.submits({"note": "like this"}, button="Look for similar")
    assert world.turn.answers.one("note") == "like this"
    assert "Nothing like it" in ana.sees_dialog()


async def test_a_button_inside_a_dialog_works(world: World) -> None:
    ana = await world.person().says("@Hone board")
    await world.settle()
    await ana.clicks("Write")
    await ana.submits({"note": "x"}, button="Look for similar")
    await ana.clicks("Back")
    assert isinstance(world.turn.intent, Click)
    assert ana.sees_dialog().startswith("Write a note")


async def test_a_press_changes_the_card_for_all_and_tells_one(world: World) -> None:
    ana, bo = world.person(), world.person("Bo")
    await ana.says("@Hone note old")
    await ana.says("@Hone board")
    await world.settle()
    await ana.clicks("Wipe")
    assert ana.toast == "Wiped."
    assert world.turn.post is not None
    await world.settle()
    assert "old" not in bo.sees()


async def test_a_press_in_a_thread_names_the_post_as_it_was_posted(world: World) -> None:
    """A stale card in a thread can be refreshed only if both sides call the message the same."""
    ana = await world.person(root="1600").says("@Hone board")
    await world.settle()
    await ana.clicks("Wipe")
    (message,) = world.teams.messages.values()
    assert world.turn.post == f"1600/{message.id}"
    assert world.turn.place.thread == "1600"


async def test_a_press_on_a_thread_opener_happens_in_the_channel(world: World) -> None:
    ana = world.person()
    root = {"id": f"{CHANNEL};messageid=1600"}
    await ana.delivers(
        {
            "type": "invoke",
            "name": "adaptiveCard/action",
            "replyToId": "1600",
            "conversation": root,
            "value": {"action": {"data": {"hone": '["test.wipe"]'}}},
        }
    )
    assert (world.turn.post, world.turn.place.thread) == ("1600", None)


async def test_a_private_answer_with_buttons_goes_to_the_chat(world: World) -> None:
    """A toast holds words only, and the pressed card belongs to everybody."""
    ana = await world.person().says("@Hone board")
    await world.settle()
    await ana.clicks("More")
    assert ana.toast == "I've answered in our chat."
    assert "Details" in ana.sees_alone()
    assert "Details" not in ana.sees()


async def test_a_private_card_is_replaced_and_stays_so(world: World) -> None:
    ana = await world.person().says("@Hone board")
    await world.settle()
    await ana.clicks("More")
    alone = ana.alone()
    await alone.clicks("Less")
    assert alone.sees() == "Folded"
    await world.settle()
    assert ana.alone().sees() == "Folded"


async def test_a_form_of_an_older_version_repeats_what_was_typed(world: World) -> None:
    """Teams does not send the form back: what was typed is there to be copied."""
    ana = world.person()
    for hone in ('["gone.action",1]', "[", ""):
        answer = await ana.invokes("task/submit", {"data": {"hone": hone, "one.note": "My words"}})
        assert answer["task"]["value"]["title"] == "Not saved"
        assert "My words" in json.dumps(answer)


async def test_an_old_card_says_so(world: World) -> None:
    ana = world.person()
    for hone in ('["gone.action",1]', "[", "", "[]", '{"a":1}'):
        value = {"action": {"type": "Action.Execute", "data": {"hone": hone}}}
        answer = await ana.invokes("adaptiveCard/action", value)
        assert (ana.status, answer["statusCode"]) == (200, 200)
        assert "out of date" in answer["value"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "x",
        7,
        {"action": []},
        {"action": {"data": "x"}},
        {"action": {"data": {"hone": 7}}},
    ],
)
async def test_a_press_of_any_shape_is_answered(world: World, value: object) -> None:
    """botbuilder's own reading of such presses answers 500."""
    ana = world.person()
    answer = await ana.invokes("adaptiveCard/action", value)
    assert ana.status == 200
    assert "out of date" in answer["value"]


@pytest.mark.parametrize("data", [None, [], "x", {"hone": []}, {"one.note": 7, "hone": "x"}])
@pytest.mark.parametrize("name", ["task/fetch", "task/submit", "composeExtension/submitAction"])
async def test_a_dialog_of_any_shape_is_answered(world: World, name: str, data: object) -> None:
    ana = world.person()
    await ana.invokes(name, {"data": data})
    assert ana.status == 200


async def test_a_forged_launcher_in_a_form_runs_nothing(world: World) -> None:
    ana = world.person()
    await ana.invokes("task/submit", {"data": {"hone": '["teams.command","note","x"]'}})
    assert world.notes.written == []


async def test_answers_of_wrong_types_are_left_out(world: World) -> None:
    data = {"hone": '["test.note"]', "one.note": 7, "many.tags": ["a"], "tick.loud": True, "x": "y"}
    await world.person().invokes("task/submit", {"data": data})
    assert dict(world.turn.answers) == {}
