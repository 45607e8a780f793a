"""One browser for all tests of a process, and pages of the built book in it.

The tests look for a Chromium that the system has (Debian's, Ubuntu's, Google's). Where there
is none they are skipped, and the last lines of a run say so.
"""

import functools
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import sync_playwright

from tools.browser import NONE, find_chromium, launch

LIGHT, DARK = "light", "dark"
WIDE, PHONE = (1300, 900), (360, 740)


@pytest.fixture(scope="session")
def chromium(request):
    """A running Chromium."""
    if find_chromium() is None:
        pytest.skip(NONE)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def tab(chromium, tmp_path_factory):
    """A function that opens a page in a tab, and closes it: the same tab where that is enough.

    A tab costs twice the work of a page in it: Chromium starts two processes for each. What a
    page stored is forgotten, and the mouse goes out of the way.
    """
    blank = tmp_path_factory.mktemp("blank") / "blank.html"
    blank.write_text("<!doctype html><title>Blank</title>")
    free = []

    @contextmanager
    def opened(theme, size, settings):
        if settings or not free:
            context = chromium.new_context(reduced_motion="reduce", **settings)
            page, heard = context.new_page(), Heard()
            page.set_default_timeout(60_000)
            listen(page, heard)
        else:
            page, heard = free.pop()
        page.set_viewport_size(dict(zip(("width", "height"), size)))
        page.emulate_media(media="null", color_scheme=theme)
        try:
            yield page, heard
        finally:
            if settings:
                page.context.close()
            else:
                page.mouse.move(0, 0)
                page.goto(blank.as_uri())
                page.evaluate("localStorage.clear(); sessionStorage.clear()")
                heard.clear()
                heard.asked.clear()
                free.append((page, heard))

    return opened


@pytest.fixture(scope="session")
def visit(tab, site):
    """Return a function that opens a page of the book as a reader does, from its file.

    It gives the page and a list, which fills with what a reader should never meet:
    errors, warnings, failed and foreign requests.
    """

    @contextmanager
    def opened(name, theme=LIGHT, size=WIDE, root=None, **settings):
        with tab(theme, size, settings) as (page, heard):
            page.goto(f"{root or site.as_uri()}/{name}")
            yield page, heard

    return opened


class Heard(list):
    """What goes wrong on a page; in `asked` all addresses that it asks for."""

    def __init__(self):
        super().__init__()
        self.asked = []


def show(page, theme):
    """Let a page follow the system to light or dark."""
    page.emulate_media(color_scheme=theme)
    # The list of figures and the missing page have no theme beside that of the system.
    shown = "document.documentElement.dataset.theme"
    page.wait_for_function(f"['{theme}', undefined].includes({shown})")


def listen(page, complaints):
    """Hear what goes wrong on a page, and what it asks for."""

    def console(message):
        if message.type in ("error", "warning"):
            complaints.append(f"console: {message.text}")

    def request(asked):
        complaints.asked.append(asked.url)
        local = asked.url.startswith(
            ("file:", "data:", "blob:", "http://127.0.0.1:", "about:")
        )
        if not local:
            complaints.append(f"another host: {asked.url}")

    def failed(asked):
        # Whoever reloads a page cuts off what it was still loading.
        if asked.failure != "net::ERR_ABORTED":
            complaints.append(f"failed: {asked.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("request", request)
    page.on("requestfailed", failed)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="session")
def server(site):
    """The address of a server of the book on this machine."""
    handler = functools.partial(Quiet, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
