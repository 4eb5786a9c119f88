"""Evaluations as pages, REST and the terminal ask for them."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Thread
from typing import Any

import httpx
import pytest
import typer
from typer.testing import CliRunner, Result

from sonde.app.asgi import build_server
from sonde.learning.api.commands import COMMANDS
from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import analyses, evaluations, experiments, sample_links
from sonde.learning.ui.evaluation.page import show
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.domain import Domain, PageRequest
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.core.jobs import JobState
from sonde.platform.core.parts import Parts
from sonde.platform.core.ports import Ports
from sonde.platform.services import accounts, jobs
from sonde.platform.services.local import LOCAL, LocalAccess
from sonde.platform.services.request import REQUEST, RequestScope
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.conftest import wait_until
from tests.integration.learning.toy_source import ToySource, person, with_toys

pytestmark = pytest.mark.integration


class LinkedSource(ToySource):
    """Toys whose samples can be looked at."""

    slug = "linked"

    def sample_links(
        self, actor: Actor, ref: str, options: Any, samples: Sequence[tuple[str, int, int]]
    ) -> Sequence[str]:
        """Return an address for each sample; the data are gone if they are called so."""
        if options.get("gone"):
            raise NotFound("The data are gone.")
        return [f"/look/{ref}/{name}?from={first}" for name, first, _ in samples]


LINKED = Domain(slug="linked", title="Linked", problem_sources=lambda: (LinkedSource(),))


@pytest.fixture(scope="module")
def outside(ports: Ports) -> Ports:
    toys = with_toys(ports)
    return replace(toys, parts=Parts((*toys.parts.every, LINKED)))


@pytest.fixture(scope="module")
def ada(outside: Ports) -> Actor:
    with unit_of_work(outside):
        return accounts.actor_for(accounts.first_administrator().id)


@pytest.fixture(scope="module")
def bob(outside: Ports) -> Actor:
    return person(outside, "Bob-Evaluates")


def train(outside: Ports, actor: Actor, source: str = "linked", **options: Any) -> str:
    wanted = NewExperiment(
        source, "tones", ModelConfig("random-forest", 1, {"n_trees": 15}), SplitConfig("")
    )
    with unit_of_work(outside):
        made = experiments.create(actor, replace(wanted, options=options))
    assert run_job(outside, made.summary.job_id, "test worker") == "succeeded"
    return made.id


@pytest.fixture(scope="module")
def trained(outside: Ports, ada: Actor) -> str:
    return train(outside, ada)


def run_all(outside: Ports, actor: Actor) -> None:
    with unit_of_work(outside):
        waiting = [job.id for job in jobs.active(actor)]
    for job_id in waiting:
        run_job(outside, job_id, "test worker")


def text_of(outside: Ports, actor: Actor, **query: str) -> str:
    """Return the page as text."""
    with unit_of_work(outside):
        view = show(PageRequest(actor, "/evaluation", {}, query))
    return str(view.body)


TABS = ("curves", "errors", "architectures", "robustness", "calibration", "sets", "unseen")


@pytest.mark.parametrize("tab", TABS)
def test_acceptance_evaluate_every_tab_asks_follows_and_shows(
    outside: Ports, ada: Actor, trained: str, tab: str
) -> None:
    first = text_of(outside, ada, experiment=trained, tab=tab)
    if "Nobody asked this yet" in first:
        assert "Find out" in first
        kind = {"sets": "prediction-sets"}.get(tab, tab)
        with unit_of_work(outside):
            evaluations.ask(ada, kind, [trained], {})
    assert "platform-job" in text_of(outside, ada, experiment=trained, tab=tab)
    run_all(outside, ada)
    shown = text_of(outside, ada, experiment=trained, tab=tab)
    assert "96 held-out samples of 12 bearings" in shown
    assert "sonde-chart-summary" in shown
    assert "Show as table" in shown
    if tab == "errors":
        assert re.search(r"/look/tones/r\d-\d-\d\?from=\d+", shown)


def test_pages_show_only_what_is_ones_own(
    outside: Ports, ada: Actor, bob: Actor, trained: str
) -> None:
    assert "Nothing to evaluate yet" in text_of(outside, bob)
    with pytest.raises(NotFound):
        text_of(outside, bob, experiment=trained)
    assert "Extra" not in text_of(outside, ada, experiment="no id", tab="nonsense")


def test_bad_parameters_are_shown_as_a_sentence(outside: Ports, ada: Actor, trained: str) -> None:
    shown = text_of(outside, ada, experiment=trained, tab="robustness", change="rain")
    assert "one of noise" in shown
    with unit_of_work(outside), pytest.raises(Invalid, match="knows no 'oracle'"):
        evaluations.ask(ada, "oracle", [trained], {})


def test_viewers_look_and_start_nothing(outside: Ports, ada: Actor, trained: str) -> None:
    viewer = replace(ada, role=Role.VIEWER)
    shown = text_of(outside, viewer, experiment=trained, tab="sets", alpha="0.33")
    assert "viewers may only look" in shown


def test_rivals_were_tested_on_the_same_samples(
    outside: Ports, ada: Actor, bob: Actor, trained: str
) -> None:
    other = train(outside, ada)
    with unit_of_work(outside):
        assert [one.id for one in evaluations.rivals(ada, trained)] == [other]
        assert {one.id for one in evaluations.subjects(ada)} >= {trained, other}
        experiments.delete(ada, other)
        assert evaluations.rivals(ada, trained) == ()


def test_samples_lead_somewhere_or_nowhere_but_never_fail(
    outside: Ports, ada: Actor, bob: Actor, trained: str
) -> None:
    plain, gone = train(outside, ada, "tones"), train(outside, ada, gone=True)
    places = [("r0-0-0", 0, 256)]
    with unit_of_work(outside):
        assert sample_links.sample_links(ada, trained, places) == ("/look/tones/r0-0-0?from=0",)
        assert sample_links.sample_links(ada, plain, places) == ("",)
        assert sample_links.sample_links(ada, gone, places) == ("",)
        with pytest.raises(NotFound):
            sample_links.sample_links(bob, trained, places)


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_analyses_over_rest(
    outside: Ports, ada: Actor, bob: Actor, trained: str, anyio_backend: str
) -> None:
    server = build_server(outside, secure=False)
    ask = {"kind": "prediction-sets", "experiments": [trained], "params": {"alpha": 0.25}}
    async with _client(server, outside, ada) as client:
        kinds = (await client.get("/analyses/kinds")).json()
        assert {one["name"] for one in kinds} >= set(evaluations.QUESTIONS)
        made = await client.post("/analyses", json=ask, headers={"Idempotency-Key": "sets"})
        assert (made.status_code, made.json()["state"]) == (201, "queued"), made.text
        path = f"/analyses/{made.json()['id']}"
        early = await client.get(f"{path}/arrays")
        assert (early.status_code, early.json()["code"]) == (409, "conflict")
        assert run_job(outside, made.json()["job"]["id"], "test worker") == "succeeded"
        found = (await client.get(path)).json()
        assert found["result"]["promised"] == 0.75
        sets = (await client.get(f"{path}/arrays")).json()["sets"]
        assert sets["shape"] == [96, 4]
        listed = (await client.get("/analyses", params={"experiment": trained})).json()
        assert made.json()["id"] in {one["id"] for one in listed["items"]}
        for wrong in ({"kind": "oracle"}, {"params": {"alpha": 9}}, {"colour": 1}):
            assert (await client.post("/analyses", json={**ask, **wrong})).status_code == 422
    async with _client(server, outside, bob) as stranger:
        for call in (stranger.get(path), stranger.get(f"{path}/arrays"), stranger.delete(path)):
            assert (await call).status_code == 404
        listed = await stranger.get("/analyses", params={"experiment": trained})
        assert listed.status_code == 404
        assert (await stranger.post("/analyses", json=ask)).status_code == 404
    async with _client(server, outside, ada) as client:
        assert (await client.delete(path)).status_code == 204
        assert (await client.get(path)).status_code == 404


def _client(server: Any, outside: Ports, actor: Actor) -> httpx.AsyncClient:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        REQUEST.set(RequestScope("request", outside, actor, "key"))
        await server(scope, receive, send)

    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8050/api/v1"
    )


@pytest.fixture
def terminal(outside: Ports) -> Iterator[Callable[..., Result]]:
    token = LOCAL.set(LocalAccess(lambda: outside))
    app = typer.Typer()
    for name, command in COMMANDS:
        if not isinstance(command, typer.Typer):
            app.command(name)(command)
    yield lambda *words: CliRunner().invoke(app, words)
    LOCAL.reset(token)


@pytest.mark.parametrize("what", evaluations.QUESTIONS)
def test_every_question_is_answered_in_the_terminal(
    outside: Ports, ada: Actor, trained: str, terminal: Callable[..., Result], what: str
) -> None:
    def work() -> None:
        wait_until(lambda: bool(_unfinished(outside, ada)), 120)
        run_all(outside, ada)

    with unit_of_work(outside):
        known = analyses.look(ada, what, [trained], {})
    thread = Thread(target=work, daemon=True)
    if known is None or known.state is not JobState.SUCCEEDED:
        thread.start()
    told = terminal("evaluate", trained, "--what", what)
    assert told.exit_code == 0, told.output
    assert "96 held-out samples of 12 bearings" in told.stdout
    again = json.loads(terminal("evaluate", trained, "--what", what, "--json").stdout)
    assert again["result"]["n_groups"] == 12


def _unfinished(outside: Ports, actor: Actor) -> list[str]:
    with unit_of_work(outside):
        return [job.id for job in jobs.active(actor)]


def test_wrong_words_in_the_terminal_leave_with_status_two(
    trained: str, terminal: Callable[..., Result]
) -> None:
    for words, sentence in (
        ((trained, "--what", "oracle"), "choose one of curves"),
        ((trained, "--set", "change"), "form name=value"),
        ((trained, "--set", "colour=red"), "knows no 'colour'"),
        (("no-id",), "There is no experiment"),
    ):
        told = terminal("evaluate", *words)
        assert told.exit_code == 2
        assert sentence in told.stderr
