"""Experiments compared over services, REST and the terminal, on trained models."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from typer.testing import CliRunner, Result

from sonde.app.asgi import build_server
from sonde.learning.api.compare_command import compare
from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import comparison, experiments, stored_comparisons
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.ports import Ports
from sonde.platform.services import accounts
from sonde.platform.services.local import LOCAL, LocalAccess
from sonde.platform.services.request import REQUEST, RequestScope
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.learning.toy_source import person, with_toys

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def outside(ports: Ports) -> Ports:
    return with_toys(ports)


@pytest.fixture(scope="module")
def boss(outside: Ports) -> Actor:
    with unit_of_work(outside):
        return accounts.actor_for(accounts.first_administrator().id)


def trained(outside: Ports, actor: Actor, title: str, trees: int, **split: Any) -> str:
    """Train a small forest and return its experiment's id."""
    model = ModelConfig("random-forest", trees, {"n_trees": trees})
    wanted = NewExperiment(
        "tones", "tones", model, SplitConfig(**{"policy": "group-k-fold", "n_folds": 3} | split)
    )
    with unit_of_work(outside):
        made = experiments.create(actor, replace(wanted, title=title))
    assert run_job(outside, made.summary.job_id, "test") == "succeeded"
    return made.id


@pytest.fixture(scope="module")
def two(outside: Ports, boss: Actor) -> tuple[str, str]:
    return trained(outside, boss, "Few trees", 10), trained(outside, boss, "More trees", 30)


@pytest.fixture(scope="module")
def leaky(outside: Ports, boss: Actor) -> str:
    return trained(outside, boss, "Too good", 10, policy="random-windows")


@pytest.fixture(scope="module")
def client_of(outside: Ports) -> Callable[[Actor], httpx.AsyncClient]:
    server = build_server(outside, secure=False)

    def client_of(actor: Actor) -> httpx.AsyncClient:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            REQUEST.set(RequestScope("request", outside, actor, "key"))
            await server(scope, receive, send)

        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8050/api/v1"
        )

    return client_of


def test_two_experiments_are_compared_and_the_answer_is_kept(
    outside: Ports, boss: Actor, two: tuple[str, str]
) -> None:
    with unit_of_work(outside):
        found = comparison.side_by_side(boss, two)
        hits = outside.cache.statistics().hits
        assert comparison.compare(boss, two) == found.comparison
        assert outside.cache.statistics().hits > hits
        results = [one.result for one in found.experiments]
        keys = comparison.curve_keys(boss, two)
        assert comparison.curves(boss, two, keys[0]) if keys else True
    assert found.reasons == ()
    assert found.comparison is not None
    assert found.comparison.n_units == 12
    for values, result in zip(found.comparison.metrics, results, strict=True):
        assert result is not None
        assert values[0].value == pytest.approx(result.evaluation.macro_f1)
        assert values[0].low == pytest.approx(result.evaluation.interval.low)
    differing = {row.name for row in found.configuration if row.differs}
    assert "Seed" in differing
    assert "Policy" not in differing


def test_acceptance_compare_refuses_a_leaky_split_beside_an_honest_one(
    outside: Ports, boss: Actor, two: tuple[str, str], leaky: str
) -> None:
    with unit_of_work(outside):
        found = comparison.side_by_side(boss, (two[0], leaky))
        with pytest.raises(Invalid, match="Too good is leaky"):
            comparison.compare(boss, (two[0], leaky))
        with pytest.raises(Invalid, match="2 to 20 different"):
            comparison.compare(boss, (two[0], two[0]))
    assert found.comparison is None
    assert any("leaky" in reason for reason in found.reasons)
    assert found.configuration


def test_what_is_not_finished_is_named(outside: Ports, boss: Actor, two: tuple[str, str]) -> None:
    with unit_of_work(outside):
        waiting = experiments.create(
            boss, NewExperiment("tones", "tones", ModelConfig("random-forest"), title="Waiting")
        )
        found = comparison.side_by_side(boss, (two[0], waiting.id))
    assert found.reasons == ("Waiting is not finished, so it has no result yet.",)


def test_a_comparison_is_kept_changed_and_deleted_by_its_owner(
    outside: Ports, boss: Actor, two: tuple[str, str]
) -> None:
    viewer = person(outside, "Vera", Role.VIEWER)
    stranger = person(outside, "Sven")
    with unit_of_work(outside):
        kept = stored_comparisons.keep(boss, two, "Forests", "Which size?")
        assert stored_comparisons.list_kept(boss).items == (kept,)
        assert stored_comparisons.change(boss, kept.id, note="Why?").note == "Why?"
        assert stored_comparisons.keep(boss, two, "").name == "Few trees and 1 more"
        for act in (stored_comparisons.get, stored_comparisons.delete):
            with pytest.raises(NotFound):
                act(stranger, kept.id)
        with pytest.raises(NotFound):
            stored_comparisons.keep(stranger, two, "Not mine")
        with pytest.raises(Forbidden):
            stored_comparisons.keep(viewer, two, "May not")
        with pytest.raises(Invalid, match="printable"):
            stored_comparisons.change(boss, kept.id, name="")
        assert comparison.still_there(boss, (*two, kept.id)) == two
        assert comparison.still_there(stranger, two) == ()
        stored_comparisons.delete(boss, kept.id)
        with pytest.raises(NotFound):
            stored_comparisons.get(boss, kept.id)


@pytest.mark.anyio
async def test_everything_is_there_over_rest(
    client_of: Callable[[Actor], httpx.AsyncClient],
    outside: Ports,
    boss: Actor,
    two: tuple[str, str],
    leaky: str,
) -> None:
    client = client_of(boss)
    query = {"ids": ",".join(two)}
    found = (await client.get("/comparisons/result", params=query)).json()
    assert found["comparison"]["unit_noun"] == "bearing"
    assert len(found["comparison"]["sentences"]) == 1
    pdf = await client.get("/comparisons/report.pdf", params=query)
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-type"] == "application/pdf"
    table = await client.get("/comparisons/table.csv", params=query)
    lines = list(csv.DictReader(io.StringIO(table.text)))
    score = next(one for one in lines if one["quantity"] == "macro_f1")
    assert float(score["value"]) == found["comparison"]["metrics"][0][0]["value"]
    refused = await client.get("/comparisons/report.pdf", params={"ids": f"{two[0]},{leaky}"})
    assert refused.status_code == 422
    assert "leaky" in refused.text

    made = await client.post("/comparisons", json={"experiment_ids": list(two), "name": "By REST"})
    assert made.status_code == 201, made.text
    path = f"/comparisons/{made.json()['id']}"
    turned = await client.patch(path, json={"experiment_ids": list(reversed(two))})
    assert turned.json()["experiment_ids"] == list(reversed(two))
    lone = await client.patch(path, json={"experiment_ids": [two[0], two[0]]})
    assert lone.status_code == 422
    lost = await client.patch(path, json={"experiment_ids": [two[0], new_id()]})
    assert lost.status_code == 404
    changed = await client.patch(path, json={"name": "Again", "experiment_ids": list(two)})
    assert changed.json()["name"] == "Again"
    assert (await client.get("/comparisons")).json()["items"][0]["name"] == "Again"
    named = await client.get("/comparisons/report.pdf", params={**query, "kept": made.json()["id"]})
    assert b"(Again)" in named.content  # the title of the document
    unknown = await client.get("/comparisons/report.pdf", params={**query, "kept": two[0]})
    assert unknown.status_code == 404

    stranger = client_of(person(outside, "Nils"))
    for answer in (
        await stranger.get("/comparisons/result", params=query),
        await stranger.get("/comparisons/report.pdf", params=query),
        await stranger.get("/comparisons/table.csv", params=query),
        await stranger.get(path),
        await stranger.patch(path, json={"name": "Mine"}),
        await stranger.delete(path),
    ):
        assert answer.status_code == 404, answer.text
    assert (await stranger.get("/comparisons")).json()["items"] == []
    assert (await client.delete(path)).status_code == 204


@pytest.fixture
def terminal(outside: Ports) -> Iterator[Callable[..., Result]]:
    token = LOCAL.set(LocalAccess(lambda: outside))
    app = typer.Typer()
    app.callback()(lambda: None)
    app.command("compare")(compare)
    yield lambda *words: CliRunner().invoke(app, words)
    LOCAL.reset(token)


def test_sonde_compare_tells_writes_and_keeps(
    terminal: Callable[..., Result], two: tuple[str, str], leaky: str, tmp_path: Path
) -> None:
    pdf, table = tmp_path / "c.pdf", tmp_path / "c.csv"
    told = terminal("compare", *two, "--pdf", str(pdf), "--csv", str(table), "--keep", "Mine")
    assert told.exit_code == 0, told.output
    assert "has the highest macro-F1" in told.output
    assert "12 bearings" in told.output
    assert "/compare/" in told.output
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert table.read_text().startswith("table,experiment")
    answer = json.loads(terminal("compare", *two, "--json").stdout)
    assert answer["n_units"] == 12
    refused = terminal("compare", two[0], leaky)
    assert refused.exit_code == 2
    assert "leaky" in refused.output
    nowhere = terminal("compare", *two, "--pdf", str(tmp_path / "no" / "c.pdf"))
    assert nowhere.exit_code == 2
    assert "cannot be written" in nowhere.output
