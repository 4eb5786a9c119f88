"""A real browser on the real web application, with a toy problem to train on."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from sonde.platform.core.actor import Actor
from sonde.platform.core.jobs import JobState
from sonde.platform.core.ports import Ports
from sonde.platform.services import jobs
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.learning.toy_source import with_toys

FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
QUIET = """
() => !document.querySelector('.sonde-progress.is-on, [data-dash-is-loading=true]')
"""
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 420, "height": 860}
# Two browsers, their servers and a worker share the cores; what never comes is still found.
expect.set_options(timeout=60_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests: Debian's where there is one, else Playwright's own."""
    own = which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=own, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def ports(ports: Ports) -> Ports:
    """The real servers, and toy data to train on."""
    return with_toys(ports)


@dataclass
class Visitor:
    """A signed-in person in a browser, and everything that went wrong there."""

    context: BrowserContext
    page: Page
    url: str
    problems: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note every error on the console, foreign request and failed answer."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def visit(self, path: str) -> None:
        """Open a page and wait until the shell has drawn it."""
        self.page.goto(self.url + path)
        self.page.wait_for_selector("h1, .sonde-state", timeout=60_000)
        self.settle()

    def look(self, *, dark: bool, narrow: bool) -> None:
        """Change theme and width under the open page."""
        self.page.emulate_media(color_scheme="dark" if dark else "light")
        self.page.set_viewport_size(NARROW if narrow else WIDE)
        self.settle()

    def picture(self, path: Path) -> None:
        """Keep a picture of the whole page where SONDE_PICTURES=1 asks for it."""
        if os.environ.get("SONDE_PICTURES") == "1":
            self.page.screenshot(path=path, full_page=True)

    def settle(self) -> None:
        """Wait until no component waits for an answer."""
        self.page.wait_for_function(QUIET, timeout=60_000)
        self.page.wait_for_timeout(250)
        self.page.wait_for_function(QUIET, timeout=60_000)

    def _console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"{message.type}: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.url, self.url.replace("http", "ws"), "data:", "blob:")):
            self.problems.append(f"foreign request: {request.url}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")


def open_browser(
    chromium: Browser, web: Any, actor: Actor | None, *, dark: bool = False, narrow: bool = False
) -> Visitor:
    """Open a browser as a person, or as nobody."""
    context = chromium.new_context(
        viewport=NARROW if narrow else WIDE, color_scheme="dark" if dark else "light"
    )
    if actor is not None:
        token = web.token_of(actor)
        context.add_cookies([{"name": "sonde", "value": token, "url": web.url}])
    person = Visitor(context, context.new_page(), web.url)
    person.watch()
    return person


@pytest.fixture
def visitor(chromium: Browser, web: Any) -> Iterator[Callable[..., Visitor]]:
    """Open a browser as a person; nothing may have gone wrong there when the test ends."""
    opened: list[Visitor] = []

    def open_as(actor: Actor | None, **how: bool) -> Visitor:
        opened.append(open_browser(chromium, web, actor, **how))
        return opened[-1]

    yield open_as
    for person in opened:
        person.context.close()
    assert [problem for person in opened for problem in person.problems] == []


@pytest.fixture(scope="module")
def tourists_browser(chromium: Browser, web: Any, actor: Actor) -> Iterator[Visitor]:
    """One browser that keeps what it has loaded."""
    person = open_browser(chromium, web, actor)
    yield person
    person.context.close()


@pytest.fixture
def tourist(tourists_browser: Visitor) -> Iterator[Visitor]:
    """A person who looks at one page after the other; nothing may go wrong at any."""
    tourists_browser.problems.clear()
    yield tourists_browser
    assert tourists_browser.problems == []


@pytest.fixture(scope="module")
def worker(ports: Ports, actor: Actor) -> Iterator[None]:
    """A worker beside the test that runs whatever the analyst has queued."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            with unit_of_work(ports):
                queued = jobs.list_jobs(actor, states=[JobState.QUEUED]).items
            for job in queued:
                run_job(ports, job.id, "browser-test", end=lambda: None)
            time.sleep(0.1)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join(20)
