"""Two people at once see only what is theirs, on every route and every page that takes an id."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from sonde.app.domains import PARTS
from sonde.bearings.core.condition.machines import NodeKind
from sonde.bearings.core.simulate.sample import sample_plan
from sonde.bearings.services import datasets, feature_sets, machines, own_features, samples
from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.persistence import comparisons
from sonde.learning.services import (
    analyses,
    experiments,
    model_batches,
    registry,
    saved_searches,
    tags,
    templates,
)
from sonde.learning.services.saved_searches import NewSearch
from sonde.markets.core.candles import Provenance
from sonde.markets.core.instruments import inferred_instrument
from sonde.markets.core.prices.columns import PriceColumns
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.persistence import backtests
from sonde.markets.services import accounts, price_store, replays, trading
from sonde.markets.services.automations import asking as automations
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.errors import NotFound
from sonde.platform.services import jobs, notifications
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.markets.trading_data import WISH, market
from tests.integration.routes import routes_of

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def owned(ports, actor):
    """Everything that a person can own, one of each: the name of its id, and the id."""
    plan = sample_plan()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            samples, "sample_plan", lambda: replace(plan, recordings=plan.recordings[::4])
        )
        with unit_of_work(ports):
            job = jobs.enqueue(actor, kind="bearings.sample", params={}, title="Sample")
        assert run_job(ports, job.id, "test") == "succeeded"
    from sonde.platform.services.events import deliver_pending

    with unit_of_work(ports):
        deliver_pending()
        (training,) = experiments.recent(actor)
    if not training.state.is_final:
        assert run_job(ports, training.job_id, "test") == "succeeded"
    with unit_of_work(ports):
        (experiment,) = experiments.recent(actor)
        dataset = datasets.find(actor, samples.NAME)
        told = notifications.list_notifications(actor).items
        return {
            "job_id": experiment.job_id,
            "dataset_id": dataset.id,
            "recording_id": datasets.recordings(actor, dataset.id)[0].id,
            "experiment_id": experiment.id,
            "notification_id": told[0].id,
            "import_id": dataset.id,
            "generation_id": dataset.id,
            "config_name": dataset.id,
            "export_id": dataset.id,
            "feature_set_id": feature_sets.save(actor, "Two", ["RMS", "Kurtosis"]).id,
            "own_feature_id": own_features.define(actor, {"name": "x", "low": 1, "high": 2}).id,
            "node_id": _machine(actor),
            "event_id": dataset.id,
            "folder_id": dataset.id,
            "feature": "RMS",
            "template_id": templates.save(actor, "Mine", _wanted(dataset.id)).id,
            "comparison_id": _comparison(actor, experiment.id),
            "tag_id": tags.create(actor, "Sample").id,
            "search_id": saved_searches.save(actor, NewSearch("All", "", {})).id,
            "id": experiment.id,
            "model_name": registry.register(actor, experiment.id, "mine").model_name,
            "version": "1",
            "alias": "shadow",
            "path:path": "models",
            "batch_id": _batch(actor, dataset.id),
            "analysis_id": analyses.ask(actor, "curves", [experiment.id], {}).id,
            "backtest_id": _backtest(actor),
            **_prices(actor),
            "automation_id": _automation(actor),
            "strategy_name": "above-mean",
            "symbol": "binance:BTCUSDT",
            **_desk(actor),
        }


def _wanted(dataset_id):
    """Return an experiment that a template may hold."""
    return NewExperiment("datasets", dataset_id, ModelConfig("random-forest"))


def _comparison(actor, experiment_id):
    """Keep a comparison and return its id."""
    return comparisons.add(
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        name="Mine",
        experiment_ids=[experiment_id, experiment_id],
    )


def _prices(actor):
    """Store two days of hours and make a replay of them; return both ids."""
    times = np.arange(48) * 3_600_000
    bars = PriceColumns(times, *[np.linspace(100, 147, 48)] * 4, np.ones(48))
    instrument = inferred_instrument("BTCUSDT", bars, venue="binance")
    source = Provenance("binance", "file", "two-days.csv", "", 0)
    candles = bars.candles(instrument, Timeframe("1h"), source)
    series = price_store.append_candles(actor, candles, is_inferred=True).series
    return {"series_id": series.id, "replay_id": replays.create(actor, [series.id]).id}


def _desk(actor):
    """Open an account with a trade that waits; return their ids."""
    account_id = accounts.first(actor).id
    trade = trading.open_trade(actor, account_id, WISH, market(50_000), is_active=False).trade
    return {"account_id": account_id, "trade_id": trade.id, "lock_id:path": trade.id}


def _automation(actor):
    """Put a strategy into an account and return its id."""
    wanted = automations.NewAutomation("BTCUSDT", "sma-cross")
    return automations.create(actor, wanted).automation_id


def _machine(actor):
    """Add a plant and return its id."""
    return machines.add(actor, machines.NewNode(NodeKind.PLANT, "Works", "", {})).id


def _backtest(actor):
    """Keep what a backtest asks and return its id."""
    return backtests.add(
        (actor.workspace_id, actor.user_id),
        kind="backtest",
        title="Mine",
        strategy="rsi",
        symbol="BTCUSDT",
        timeframe="1h",
        asked={},
    )


def _batch(actor, dataset_id):
    """Ask the registered model about the data set and return the batch's id."""
    return model_batches.predict_problem(actor, "mine", "", ("datasets", dataset_id)).id


def _filled(path, owned):
    for name, value in owned.items():
        path = path.replace("{" + name + "}", value)
    return path


def test_check_02_no_route_answers_with_others_things(web, other_actor, owned):
    walked = []
    with web.signed_in(other_actor) as client:
        for route in routes_of(web):
            if "{" not in route.path or "{path:path}" in route.path:  # what is nowhere
                continue
            if not route.path.startswith(("/api/v1", "/v2")):
                continue
            path = _filled(route.path, owned)
            assert "{" not in path, f"{path}: this test does not know what that id is"
            for method in route.methods - {"HEAD"}:
                kind = {"json": {}} if method in {"PATCH", "PUT"} else {"params": {"version": "1"}}
                answer = client.request(method, path, **kind)
                # the Open Inference Protocol answers 400 to a body that it cannot read
                refusals = {404, 422, 400} if path.startswith("/v2") else {404, 422}
                if "/markets/strategies/" in path:  # for administrators only, whatever it is
                    refusals = {403}
                assert answer.status_code in refusals, (method, path, answer.text)
                if answer.status_code not in {403, 404}:  # the body is looked at before the id
                    assert method != "GET", (path, answer.text)
                walked.append(path)
    assert len(walked) >= 8


def test_no_page_shows_others_things(ports, other_actor, owned):
    shown = 0
    for part in PARTS.every:
        for page in part.pages():
            if "{" not in page.path:
                continue
            path = _filled(page.path, owned)
            params = {name: value for name, value in owned.items() if "{" + name + "}" in page.path}
            with unit_of_work(ports), pytest.raises(NotFound):
                page.layout(PageRequest(other_actor, path, params, {}))
            shown += 1
    assert shown >= 3


def test_lists_and_searches_hold_nothing_of_others(web, other_actor, owned):
    with web.signed_in(other_actor) as client:
        for path in ("datasets", "experiments", "jobs", "notifications"):
            answer = client.get(f"/api/v1/{path}")
            assert answer.status_code == 200, answer.text
            assert answer.json()["items"] == [], path
    for part in PARTS.every:
        if part.palette:
            with unit_of_work(web.ports):
                found = part.palette(other_actor, "sample")
            assert not any(value in entry.path for entry in found for value in owned.values())


def test_both_at_once_each_see_their_own(web, actor, other_actor, owned):
    def look(person):
        with web.signed_in(person) as client:
            return [
                (client.get("/api/v1/session").json()["id"],
                 len(client.get("/api/v1/datasets").json()["items"]))
                for _ in range(10)
            ]  # fmt: skip

    with ThreadPoolExecutor(2) as pool:
        mine, theirs = pool.map(look, (actor, other_actor))
    assert set(mine) == {(actor.user_id, 2)}
    assert set(theirs) == {(other_actor.user_id, 0)}


def test_the_owner_still_has_it_all(web, actor, owned):
    with web.signed_in(actor) as client:
        assert client.get(f"/api/v1/datasets/{owned['dataset_id']}").status_code == 200
        assert client.get(f"/api/v1/experiments/{owned['experiment_id']}").status_code == 200
