"""Every state of the survey's page, in light and dark, as people meet it who do not see it: axe-core finds nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from bot.web.survey_page.pace import Pace
from tests.pagesite import ENGLISH, SMALL, Site, tap, window


def _question(site: Site, page: Page) -> None:
    page.goto(site.url())


def _many_points(site: Site, page: Page) -> None:
    page.goto(site.url(site.doorstep.link(site.doorstep.asked(instrument="nps"))))


def _answered(site: Site, page: Page) -> None:
    page.goto(site.url())
    tap(page, "2 Dissatisfied")
    page.locator("summary").click()


def _commented(site: Site, page: Page) -> None:
    _answered(site, page)
    page.get_by_label("What is the reason?").fill("Slow")
    page.get_by_label("Speed").check()
    tap(page, "Send")


def _too_long(site: Site, page: Page) -> None:
    _answered(site, page)
    page.get_by_label("What is the reason?").evaluate("it => it.removeAttribute('maxlength')")
    page.get_by_label("What is the reason?").fill("x" * 3001)
    tap(page, "Send")
    expect(page.get_by_role("alert")).to_contain_text("3,001")


def _stopped(site: Site, page: Page) -> None:
    page.goto(site.url())
    tap(page, ENGLISH.stop)


def _closed(site: Site, page: Page) -> None:
    site.doorstep.agency.now.move(days=8)
    page.goto(site.url())


def _too_late(site: Site, page: Page) -> None:
    page.goto(site.url())
    site.doorstep.agency.now.move(days=8)
    tap(page, "2 Dissatisfied")
    expect(page.get_by_role("alert")).to_have_text(ENGLISH.page_closed)


def _unknown(site: Site, page: Page) -> None:
    page.goto(site.url("x" * 140))


def _busy(site: Site, page: Page) -> None:
    site.new(pace=Pace(of_address="1/minute"))
    page.goto(site.url())
    page.reload()
    expect(page.get_by_text(ENGLISH.page_busy)).to_be_visible()


def _from_right_to_left(site: Site, page: Page) -> None:
    site.new(speak=lambda _: replace(ENGLISH, language="he", rtl=True))
    page.goto(site.url(site.doorstep.link(site.doorstep.asked(instrument="nps", locale="he"))))


STATES = (
    *(_question, _many_points, _answered, _commented, _too_long, _stopped, _closed, _too_late, _unknown, _busy),
    _from_right_to_left,
)


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__.strip("_").replace("_", " "))
def test_axe_finds_no_violation(
    site: Site, chromium: Browser, tmp_path: Path, state: Callable[[Site, Page], None], colours: str
) -> None:
    # The page runs nothing; axe needs to.
    with window(chromium, viewport=SMALL, color_scheme=colours, java_script_enabled=True) as page:
        state(site, page)
        page.screenshot(path=tmp_path / "page.png", full_page=True)
        rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        found = Axe().run(page, options=rules)
        assert found.violations_count == 0, found.generate_report()
        assert {"color-contrast", "region"} <= {rule["id"] for rule in found.response["passes"]}
        assert [rule["id"] for rule in found.response["incomplete"]] == []
        assert page.locator("h1").count() == 1
