"""The waterfall of a data set: computed once, by a job where it takes a while, and kept."""

from collections.abc import Sequence

import numpy as np
import pytest

from sonde.bearings.core.signal_views import Look
from sonde.bearings.core.waterfall import Waterfall, WaterfallSettings
from sonde.bearings.services.signals import waterfalls
from sonde.bearings.services.signals.waterfalls import WaterfallWish
from sonde.bearings.ui.signal.looks.panel import panel
from sonde.bearings.ui.signal.state import ViewState
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import NotFound
from sonde.platform.core.jobs import Job
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.bearings.signal_data import SHAFT_HZ, store

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def ids(ports: Ports, actor: Actor, tmp_path_factory: pytest.TempPathFactory) -> Sequence[str]:
    """Four recordings of one data set."""
    return store(ports, actor, tmp_path_factory.mktemp("signals"))


def ask(ports: Ports, actor: Actor, recording_id: str, wish: WaterfallWish) -> Waterfall | Job:
    """Look, in a unit of work of its own."""
    with unit_of_work(ports):
        return waterfalls.look_or_start(actor, Look(recording_id), wish)


def test_few_recordings_are_laid_below_each_other_at_once(
    ports: Ports, actor: Actor, ids: Sequence[str]
) -> None:
    wish = WaterfallWish(settings=WaterfallSettings(highest=4.0, columns=400, in_orders=True))
    found = ask(ports, actor, ids[2], wish)
    assert isinstance(found, Waterfall)
    assert found.names == ("shaft.h5 · Imbalance · 1,800 rpm",)  # the only one in its unit
    assert found.axis[found.values[0].argmax()] == pytest.approx(1.0, abs=0.15)
    again = ask(ports, actor, ids[2], wish)
    assert isinstance(again, Waterfall)
    assert np.array_equal(again.values, found.values, equal_nan=True)
    for among, count in (("", 2), ("label", 1), ("bearing", 1)):
        alike = ask(ports, actor, ids[1], WaterfallWish(among=among, settings=wish.settings))
        assert isinstance(alike, Waterfall)
        assert len(alike.names) == count


def test_acceptance_look_waterfall_of_many_is_a_job_and_kept(
    ports: Ports, actor: Actor, viewer: Actor, ids: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waterfalls, "AT_ONCE_SAMPLES", 0)
    wish = WaterfallWish(settings=WaterfallSettings(highest=200.0, columns=200))
    job = ask(ports, actor, ids[0], wish)
    assert isinstance(job, Job)
    same = ask(ports, actor, ids[0], wish)
    assert isinstance(same, Job)
    assert same.id == job.id
    with unit_of_work(ports):
        shown = panel(actor, ViewState(ids[0], "waterfall", said={"top": "200"}))
    assert "Waterfall of Shaker" in str(shown)
    assert run_job(ports, job.id, "test") == "succeeded"
    found = ask(ports, actor, ids[0], wish)
    assert isinstance(found, Waterfall)
    assert found.axis[found.values[0].argmax()] == pytest.approx(SHAFT_HZ, abs=1.5)
    with pytest.raises(NotFound):
        ask(ports, viewer, ids[0], wish)
