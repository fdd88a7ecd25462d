"""All questions of the coach in one form, and from one to the other."""

from __future__ import annotations

from tests.conversations.coached import asked, coached
from tests.hone import Hone, shown_answers


async def test_in_a_channel_everything_is_one_form(hone: Hone) -> None:
    """In threads most of what people type never reaches Hone, so there it asks all at once."""
    ada = hone.person("Ada")
    await ada.says("improve Reviews wait")
    await ada.says("coach #1")
    await ada.fills(
        {
            "experiment": "Review before lunch",
            "owner": "ada",
            "due": "2026-12-04",
            "metric": "days a review waits",
            "start": "2 days",
            "goal": "4 hours",
        }
    )
    assert "Saved in #1." in ada.told
    assert "we will know by Friday 18 December 2026" in hone.channel()[0].text


async def test_the_form_keeps_what_was_typed_and_names_each_mistake(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("coach Reviews wait")
    assert ada.form is not None
    wrong = {
        "now": "x" * 40_001,
        "owner": "U-of-another-workspace",
        "due": "2026-02-30",
        "metric": "days",
        "start": "many",
        "title": "",
    }
    await ada.fills(wrong)
    assert set(ada.errors) == {"now", "owner", "due", "start", "title"}
    assert shown_answers(ada.form)["start"] == ("many",)
    await ada.says("backlog")
    assert "#1" not in ada.told


async def test_a_conversation_can_become_a_form_and_a_form_a_conversation(hone: Hone) -> None:
    ada = await coached(hone)
    await ada.chats("Stories wait three days")
    await ada.clicks("All in one form")
    assert ada.form is not None
    assert shown_answers(ada.form)["now"] == ("Stories wait three days",)
    await ada.fills({"experiment": "A script"}, press="Ask me one by one")
    assert asked(ada) == "How do you notice it?"
    for _ in range(5):
        await ada.chats("skip")
    assert "Saved in #1." in ada.told
    assert "Stories wait three days" in hone.last("dm-ada")
    assert "We try: A script." in hone.last("dm-ada")


async def test_from_a_channel_the_form_leads_to_the_chat_with_hone(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Reviews wait")
    await ada.clicks("Coach me")
    await ada.fills({"now": "Two days"}, press="Ask me one by one")
    assert "written to you alone" in ada.told
    assert asked(ada.alone()) == "How do you notice it?"
