"""A real browser for pages: the one named, one that is installed, else one that is brought along."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

_INSTALLED = ("chromium", "google-chrome", "chromium-browser")


@contextmanager
def browser() -> Iterator[Browser]:
    """KPIBOT_TEST_BROWSER, else Chromium or Chrome on PATH, else Playwright's own, installed if need be.

    Which one it is, is printed.
    """
    with sync_playwright() as playwright:
        found = _launched(playwright)
        try:
            yield found
        finally:
            found.close()


def _launched(playwright: Playwright) -> Browser:
    named = os.environ.get("KPIBOT_TEST_BROWSER")
    program = named or next(filter(None, map(shutil.which, _INSTALLED)), None)
    if program is not None:
        return _said(playwright.chromium.launch(executable_path=program), program)
    try:
        return _said(playwright.chromium.launch(), "Playwright's own")
    except Error:
        _say("no browser is installed: fetching Playwright's own (playwright install chromium)")
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
        return _said(playwright.chromium.launch(), "Playwright's own")


def _said(launched: Browser, which: str) -> Browser:
    _say(f"pages are tried in Chromium {launched.version} ({which})")
    return launched


def _say(words: str) -> None:
    sys.stderr.write(f"\n{words}\n")
