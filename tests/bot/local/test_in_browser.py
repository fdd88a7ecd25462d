"""The room as people meet it, in Chromium: by keyboard, live between two people, on a phone."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.local.room import EXAMPLES
from tests.bot.local.demo import Running
from tests.bot.local.visits import Visit, said, type_line


async def test_an_improvement_is_logged_by_keyboard_alone(visit: Visit, running: Running) -> None:
    """From the first slash to the card: choose a command, mend an error, send."""
    page = await visit()
    await page.keyboard.type("/im")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("option", selected=True)).to_contain_text("/improve")
    await page.keyboard.press("Enter")
    await page.keyboard.type(" ")  # types over the selected example
    await page.keyboard.press("Enter")

    form = page.get_by_role("dialog", name="Log an improvement")
    title = form.get_by_label("What should become better?")
    await expect(title).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.type("People lose their basket.")
    await page.keyboard.press("Control+Enter")

    await expect(title).to_be_focused()
    await expect(title).to_have_attribute("aria-invalid", "true")
    await expect(title).to_have_accessible_description("Give it a title, so that others find it.")
    await expect(form.get_by_label("Why does it matter?")).to_have_value(
        "People lose their basket."
    )
    await page.keyboard.type("Checkout times out")
    await page.keyboard.press("Control+Enter")

    await expect(form).to_be_hidden()
    await expect(said(page, "#1 Checkout times out")).to_be_visible()
    await expect(said(page, "Saved as #1.")).to_contain_text("Only you can see this")
    await expect(page.locator("#announcer")).to_contain_text("Hone: #1 Checkout times out")
    assert running.demo.items == ["Checkout times out"]


async def test_a_bracket_behind_hebrew_stands_at_the_end_of_the_phrase(visit: Visit) -> None:
    """Words that run right to left end on the left."""
    page = await visit()
    await type_line(page, "פריסה לסביבה (staging)")
    line = page.locator(".words p").last
    await expect(line).to_contain_text("(staging)")
    hebrew, bracket = await line.evaluate(
        """line => [[0, 5], [13, 22]].map(([from, to]) => {
            const range = document.createRange();
            range.setStart(line.firstChild, from);
            range.setEnd(line.firstChild, to);
            return range.getBoundingClientRect().left;
        })"""
    )
    assert bracket < hebrew


async def test_a_vote_shows_on_everybodys_card_at_once(visit: Visit) -> None:
    """One card, two people: what Grace does, Ada sees without reloading, and her focus stays."""
    ada, grace = await visit("ada"), await visit("grace")
    await type_line(ada, "/wsjf #1")
    await expect(said(grace, "nobody yet")).to_be_visible()
    vote = ada.get_by_role("button", name="Vote", exact=True)
    await vote.focus()

    await grace.get_by_role("button", name="Vote", exact=True).click()
    await expect(grace.get_by_role("dialog")).to_be_visible()
    for group in await grace.get_by_role("radiogroup").all():
        await group.get_by_label("5", exact=True).check()
    await grace.get_by_role("dialog").get_by_role("button", name="Vote").click()

    await expect(said(grace, "Your ballot counts")).to_be_visible()
    await expect(said(ada, "1 person has voted: Grace Lin")).to_be_visible()
    await expect(vote).to_be_focused()
    await expect(said(ada, "Your ballot counts")).to_have_count(0)


async def test_a_choice_is_made_with_arrow_keys(visit: Visit) -> None:
    page = await visit()
    await type_line(page, "/wsjf #1")
    await page.get_by_role("button", name="Vote", exact=True).press("Enter")
    group = page.get_by_role("radiogroup", name="User-business value")
    await group.get_by_label("1", exact=True).focus()
    await page.keyboard.press("ArrowRight")
    await expect(group.get_by_label("2", exact=True)).to_be_checked()


async def test_missing_answers_are_named_at_each_field(visit: Visit) -> None:
    page = await visit()
    await type_line(page, "/wsjf #1")
    await page.get_by_role("button", name="Vote", exact=True).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("radiogroup").first.get_by_label("8", exact=True).check()
    await dialog.get_by_role("button", name="Vote").click()
    await expect(dialog.get_by_text("Choose a card, or pass.")).to_have_count(3)


async def test_escape_closes_the_form_and_gives_the_keyboard_back(visit: Visit) -> None:
    page = await visit()
    await type_line(page, "/improve something")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.locator("#say")).to_be_focused()


async def test_a_question_is_asked_before_the_reveal(visit: Visit, running: Running) -> None:
    """`Not yet` has the keyboard, so that Enter by habit reveals nothing."""
    running.demo.votes["Ada Park"] = ("1", "1", "1", "1")
    page = await visit()
    await type_line(page, "/wsjf #1")
    reveal = page.get_by_role("button", name="Reveal all ballots")
    question = page.get_by_role("alertdialog", name="Reveal now?")
    await reveal.press("Enter")
    await expect(question).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(question).to_be_hidden()
    assert not running.demo.revealed

    await reveal.press("Enter")
    await expect(question).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("table")).to_contain_text("Ada Park")
    await expect(page.locator(".replies .message")).to_contain_text("Backlog health")


async def test_the_keyboard_comes_back_to_a_card_that_changed_behind_a_question(
    visit: Visit, running: Running
) -> None:
    """A vote that lands while somebody is asked whether to reveal must not lose their place."""
    ada, grace = await visit("ada"), await visit("grace")
    await type_line(ada, "/wsjf #1")
    reveal = ada.get_by_role("button", name="Reveal all ballots")
    await reveal.press("Enter")
    await expect(ada.get_by_role("alertdialog")).to_be_visible()

    await grace.get_by_role("button", name="Vote", exact=True).click()
    await expect(grace.get_by_role("dialog")).to_be_visible()
    for group in await grace.get_by_role("radiogroup").all():
        await group.get_by_label("5", exact=True).check()
    await grace.get_by_role("dialog").get_by_role("button", name="Vote").click()
    await expect(said(ada, "1 person has voted: Grace Lin")).to_be_visible()

    await ada.keyboard.press("Enter")
    await expect(ada.get_by_role("alertdialog")).to_be_hidden()
    await expect(reveal).to_be_focused()


async def test_a_form_pressed_twice_is_sent_once(visit: Visit, running: Running) -> None:
    page = await visit()
    await type_line(page, "/improve Pressed in haste")
    await page.get_by_role("button", name="Save", exact=True).dblclick()
    await expect(said(page, "#1 Pressed in haste")).to_be_visible()
    assert running.demo.items == ["Pressed in haste"]


async def test_the_second_button_sends_the_same_answers(visit: Visit, running: Running) -> None:
    page = await visit()
    await type_line(page, "/improve A draft")
    await page.get_by_role("button", name="Save as draft").click()
    await expect(said(page, "#1 A draft")).to_be_visible()


async def test_enter_presses_the_main_button(visit: Visit, running: Running) -> None:
    """Browsers press the first submit button, which would be the draft, or Back in a vote."""
    page = await visit()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    await type_line(page, "/improve Enter")
    await page.get_by_label("What should become better?").press("Enter")
    await expect(said(page, "#1 Enter")).to_be_visible()
    assert any("demo.save" in body for body in sent)


async def test_a_message_becomes_an_improvement(visit: Visit) -> None:
    page = await visit("tomas")
    await type_line(page, "The pay button spins for ever")
    message = said(page, "The pay button spins")
    await message.hover()
    await message.get_by_role("button", name="Log improvement").click()
    form = page.get_by_role("dialog", name="Log an improvement")
    await expect(form).to_contain_text("Tomás Ruiz: The pay button spins for ever")


async def test_a_private_card_changes_in_place(visit: Visit) -> None:
    page = await visit()
    await type_line(page, "/wsjf counter")
    for count in (1, 2):
        await page.get_by_role("button", name="One more").click()
        await expect(page.locator(".whisper")).to_have_count(1)
        await expect(page.locator(".whisper")).to_contain_text(f"Counted to {count}.")
    await page.get_by_role("button", name="Dismiss").click()
    await expect(page.locator(".whisper")).to_have_count(0)


async def test_what_was_typed_outlives_a_database_that_is_down(
    visit: Visit, running: Running
) -> None:
    page = await visit()
    await type_line(page, "/improve Keep these words")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()  # before anything breaks
    running.database.broken = True
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Not saved")
    await expect(dialog.get_by_label("What should become")).to_have_value("Keep these words")

    running.database.broken = False
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(said(page, "#1 Keep these words")).to_be_visible()


async def test_markup_is_shown_and_not_run(visit: Visit) -> None:
    page = await visit()
    evil = "<img src=x onerror=\"document.title='run'\"><b>bold</b>"
    await type_line(page, evil)
    await expect(said(page, evil)).to_be_visible()
    await page.reload()
    await expect(said(page, evil)).to_be_visible()
    assert await page.title() != "run"
    assert await page.locator("#messages b").count() == 0


async def test_the_examples_fill_the_composer_and_stay_closed(visit: Visit) -> None:
    page = await visit()
    examples = page.get_by_role("region", name="Try this")
    await expect(examples.get_by_role("listitem")).to_have_count(4)
    await examples.get_by_role("button", name="/improve").click()
    await expect(page.locator("#say")).to_be_focused()
    await expect(page.locator("#say")).to_have_value(EXAMPLES[0].line)
    await examples.get_by_role("button", name="Close").click()
    await page.reload()
    await expect(page.locator("#say")).to_be_visible()
    await expect(examples).to_be_hidden()


async def test_news_elsewhere_is_marked_in_words(visit: Visit) -> None:
    ada = await visit("ada")
    grace = await visit("grace", channel="payments-team")
    await type_line(grace, "Anyone here?")
    link = ada.get_by_role("link", name="payments-team")
    await expect(link).to_contain_text("new")
    await link.click()
    await expect(said(ada, "Anyone here?")).to_be_visible()


async def test_the_skip_link_leads_to_the_messages(visit: Visit) -> None:
    page = await visit(width=390)  # a wide page puts the keyboard into the composer at once
    await page.bring_to_front()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the messages")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#messages")).to_be_focused()


async def test_a_page_catches_up_after_the_connection_was_lost(
    visit: Visit, running: Running
) -> None:
    """A laptop that slept shows what was said meanwhile, once, without a reload by hand."""
    ada = await visit("ada")
    await type_line(ada, "Before")
    await expect(said(ada, "Before")).to_be_visible()
    running.room.close()  # cuts every open page off
    await type_line(ada, "Meanwhile")
    await expect(said(ada, "Meanwhile")).to_have_count(1)
    await expect(said(ada, "Before")).to_have_count(1)


async def test_lines_typed_in_haste_are_all_sent_in_order(visit: Visit) -> None:
    page = await visit()
    for number in range(5):
        await type_line(page, f"line {number}")
    await expect(page.locator("#messages .words")).to_have_count(5)
    lines = await page.locator("#messages .words p").all_inner_texts()
    assert lines == [f"line {number}" for number in range(5)]


async def test_a_line_that_was_not_sent_comes_back_to_the_composer(
    visit: Visit, running: Running
) -> None:
    page = await visit()
    running.database.broken = True
    await type_line(page, "Do not lose me")
    await expect(said(page, "Not saved")).to_be_visible()
    await expect(page.locator("#say")).to_have_value("Do not lose me")


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_nothing_sticks_out_sideways(visit: Visit, width: int) -> None:
    """WCAG reflow: 320 pixels wide, only tables and the row of places may scroll sideways."""
    page = await visit(width=width)
    await type_line(page, "/digest")
    await expect(said(page, "Backlog health")).to_be_visible()
    await type_line(page, "A" * 300)
    await expect(said(page, "AAAA")).to_be_visible()
    await type_line(page, "/improve")
    await expect(page.get_by_role("dialog")).to_be_visible()
    for selector in ("html", ".scroll", "#messages", "dialog[open]", ".fields"):
        inside, outside = await page.locator(selector).first.evaluate(
            "element => [element.scrollWidth, element.clientWidth]"
        )
        assert inside <= outside, selector


async def test_every_control_has_a_name(visit: Visit) -> None:
    page = await visit()
    await type_line(page, "/digest")
    await type_line(page, "/improve x")
    await expect(page.get_by_role("dialog")).to_be_visible()
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll('button, a, input, select, textarea')]
            .filter((element) => !element.closest('#confirm'))
            .filter((element) => !(element.getAttribute('aria-label')
                || element.textContent.trim() || element.labels?.length))
            .map((element) => element.outerHTML)"""
    )
    assert nameless == []
