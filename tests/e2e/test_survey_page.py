"""The survey's page in a real browser: by hand, by keyboard, on a small screen, without JavaScript."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from kpi.store import tables
from tests.pagesite import ENGLISH, SMALL, Site, tap, window


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with window(chromium) as opened:
        yield opened


def scores(site: Site) -> list[int]:
    return [row["score"] for row in site.doorstep.replies()]


def test_one_tap_answers_and_says_thank_you_without_javascript(site: Site, page: Page, tmp_path: Path) -> None:
    page.goto(site.url())
    expect(page.get_by_role("heading", level=1)).to_have_text("How satisfied were you?")
    page.screenshot(path=tmp_path / "question.png")

    tap(page, "4 Satisfied")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Your answer: ")
    expect(page.get_by_text("Thank you!")).to_be_visible()
    page.screenshot(path=tmp_path / "thanks.png")
    assert scores(site) == [4]


def test_a_reload_after_the_answer_sends_nothing_again(site: Site, page: Page) -> None:
    page.goto(site.url())
    tap(page, "4 Satisfied")
    page.reload()
    page.go_back()
    page.go_forward()
    assert len(site.doorstep.agency.rows(tables.reply_edit)) == 1


def test_a_link_opened_again_changes_the_answer_and_counts_once(site: Site, chromium: Browser) -> None:
    for score in ("4 Satisfied", "2 Dissatisfied"):
        with window(chromium) as page:
            page.goto(site.url())
            if page.get_by_text("Change my answer").count():
                page.get_by_text("Change my answer").click()
            tap(page, score)
            expect(page.get_by_role("heading", level=1)).to_contain_text("Your answer: ")
    assert scores(site) == [2]
    assert site.doorstep.agency.only(tables.account_day)["survey_answers"] == 1


def test_everything_can_be_done_with_the_keyboard_alone(site: Site, page: Page) -> None:
    page.goto(site.url())
    press_until(page, "4 Satisfied")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your answer: ")

    page.keyboard.press("Tab")
    page.keyboard.type("Quick and clear\n– thanks")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    press_until(page, "Send")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text(ENGLISH.kept)
    reply = site.doorstep.reply()
    assert (reply["comment"], reply["tags"]) == ("Quick and clear\n– thanks", ["communication"])

    press_until(page, "Change my answer")
    page.keyboard.press("Enter")
    press_until(page, "5 Very satisfied")
    page.keyboard.press("Space")
    expect(page.get_by_text("Your answer: Very satisfied")).to_be_visible()

    press_until(page, ENGLISH.stop)
    page.keyboard.press("Enter")
    expect(page.get_by_text(ENGLISH.stop_done)).to_be_visible()
    assert site.doorstep.carla()["opted_out_at"] is not None


def press_until(page: Page, name: str) -> None:
    """Tab on until this is focused, and the focus can be seen."""
    for _ in range(30):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and focused.inner_text().split() == name.split():
            assert focused.evaluate("it => getComputedStyle(it).outlineStyle") == "solid"
            return
    raise AssertionError(f"the keyboard does not reach {name}")


@pytest.mark.parametrize("instrument", ["csat", "nps"])
def test_on_a_small_screen_everything_fits_and_can_be_hit(
    site: Site, chromium: Browser, tmp_path: Path, instrument: str
) -> None:
    token = site.doorstep.link(site.doorstep.asked(instrument=instrument))
    with window(chromium, viewport=SMALL, has_touch=True, is_mobile=True, device_scale_factor=2) as page:
        page.goto(site.url(token))
        fits(page)
        page.screenshot(path=tmp_path / f"{instrument}.png")
        page.locator("button[name=score]").nth(3).tap()
        page.get_by_text("Change my answer").tap()
        fits(page)
        page.screenshot(path=tmp_path / f"{instrument}-thanks.png", full_page=True)
    assert scores(site) == [{"csat": 4, "nps": 3}[instrument]]


def fits(page: Page) -> None:
    """Nothing lies beyond the screen's edge, and every target is 44 pixels high and wide."""
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    for target in page.locator("button:visible, summary:visible, .tags label:visible, textarea:visible").all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, target.inner_text()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= SMALL["width"]


def test_looking_twenty_times_as_scanners_do_stores_nothing(site: Site, page: Page) -> None:
    before = site.doorstep.stored()
    for number in range(20):
        page.goto(site.url())
        assert page.request.fetch(site.url(), method=("GET", "HEAD")[number % 2]).status == 200
    assert (site.doorstep.stored(), site.doorstep.survey()["state"]) == (before, "posted")


def test_an_expired_and_a_forged_link_say_so_and_offer_nothing(site: Site, page: Page) -> None:
    old = site.doorstep.link(days=1)
    site.doorstep.agency.now.move(days=2)
    for token, status in ((old, 410), (f"{site.doorstep.token[:-5]}AAAAA", 404)):
        answer = page.goto(site.url(token))
        assert answer is not None
        assert answer.status == status
        expect(page.get_by_text(ENGLISH.page_unknown)).to_be_visible()
        assert page.get_by_role("button").count() == 0


def test_asking_less_and_not_at_all_are_one_tap_and_so_is_taking_it_back(site: Site, page: Page) -> None:
    page.goto(site.url())
    for button, said in ((ENGLISH.less, ENGLISH.less_done), (ENGLISH.stop, ENGLISH.stop_done)):
        tap(page, button)
        expect(page.get_by_role("status")).to_have_text(said)
    assert site.doorstep.carla()["opted_out_at"] is not None

    tap(page, ENGLISH.undo)

    expect(page.get_by_role("status")).to_have_text(ENGLISH.undone)
    assert (site.doorstep.carla()["opted_out_at"], site.doorstep.carla()["asked_less_at"]) == (None, None)


def test_a_comment_and_what_it_was_about_stay_on_the_page(site: Site, page: Page) -> None:
    page.goto(site.url())
    tap(page, "2 Dissatisfied")
    page.get_by_label("What is the reason?").fill("<b>Slow</b>")
    page.get_by_label("Speed").check()
    tap(page, "Send")

    expect(page.get_by_label("What is the reason?")).to_have_value("<b>Slow</b>")
    expect(page.get_by_label("Speed")).to_be_checked()
    assert (site.doorstep.reply()["comment"], site.doorstep.reply()["tags"]) == ("<b>Slow</b>", ["speed"])


def test_from_right_to_left_the_scale_begins_on_the_right(house: Site, chromium: Browser, tmp_path: Path) -> None:
    rtl = replace(ENGLISH, language="he", rtl=True)
    house.new(speak=lambda _: rtl)
    token = house.doorstep.link(house.doorstep.asked(instrument="nps", locale="he"))
    with window(chromium, viewport=SMALL) as page:
        page.goto(house.url(token))
        assert page.locator("html").get_attribute("dir") == "rtl"
        first, second = (page.locator("button[name=score]").nth(place).bounding_box() for place in (0, 1))
        assert first is not None
        assert second is not None
        assert first["x"] > second["x"]
        fits(page)
        page.screenshot(path=tmp_path / "rtl.png")
        page.locator("button[name=score]").first.click()
        expect(page.get_by_label("מה נשפר?")).to_be_visible()


def test_the_browser_finds_nothing_the_policy_forbids(site: Site, chromium: Browser) -> None:
    with window(chromium, java_script_enabled=True) as page:
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("request", lambda request: asked.append(urlsplit(request.url).path))
        page.goto(site.url())
        assert page.locator("button[name=score]").first.evaluate("it => getComputedStyle(it).minHeight") == "44px"
        tap(page, "4 Satisfied")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Your answer: ")
    assert said == []
    assert {path.removeprefix(f"/s/{site.doorstep.token}") for path in asked} == {"", "/answer"}
