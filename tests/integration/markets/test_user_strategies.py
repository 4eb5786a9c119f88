"""Strategies that an administrator wrote: proved behind walls, then used like shipped ones."""

import pytest
from typer.testing import CliRunner

from sonde.markets.api.strategy_commands import STRATEGIES
from sonde.markets.core.backtesting import proving
from sonde.markets.persistence import own_strategies
from sonde.markets.services import strategies, user_strategies
from sonde.markets.services.automations import asking, parity
from sonde.platform.core.errors import Forbidden, Invalid, NotFound
from sonde.platform.services.local import LOCAL, LocalAccess
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.markets.automation_data import Desk
from tests.integration.markets.backtest_data import answered

pytestmark = pytest.mark.integration

SOURCE = """
import numpy as np

from sonde.markets.core.indicators.sma import sma
from sonde.markets.core.parameters import Parameter
from sonde.markets.core.strategies.decisions import Decisions


class Above:
    name = "above-mean"
    title = "Above its mean"
    words = "Long above the mean with a stop that follows, short below it."
    parameters = (Parameter("period", "Period", "int", 2, 200, 20, "Bars of the mean."),)

    def warm_up(self, settings):
        return settings["period"]

    def decide(self, candles, settings):
        mean = sma(candles.close, settings["period"])
        above = candles.close > mean
        before = np.append(above[:1], above[:-1])
        up, down = above & ~before, before & ~above
        return Decisions.of(candles.n, enter_long=up, enter_short=down, {extra})
"""
GOOD = SOURCE.format(extra="trail_distance=np.where(up, 0.1, np.nan)")
AHEAD = SOURCE.format(extra="exit_long=np.append(candles.close[1:] < candles.close[:-1], False)")


@pytest.fixture(scope="module", autouse=True)
def few_cuts():
    """Cut less often than the product does: every cut is a child process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proving, "CUTS", 4)
        yield


def uploaded(ports, admin, source=GOOD):
    with unit_of_work(ports):
        made = user_strategies.upload(admin, source)
    assert made.state == "checking"
    return made, run_job(ports, made.job_id, "test worker")


def passed(name):
    """Let the newest version of a strategy be one that was proved."""
    newest = own_strategies.versions(name)[0]
    newest.state = own_strategies.READY


@pytest.fixture(scope="module")
def ready(ports, admin):
    """The first version, proved."""
    made, ended = uploaded(ports, admin)
    assert ended == "succeeded"
    with unit_of_work(ports):
        (proved,) = user_strategies.versions(admin, made.name)
    assert (proved.state, proved.proof["bars"]) == ("ready", 600)
    return made


def test_a_strategy_that_passes_is_used_like_a_shipped_one(ports, people, ready):
    person = people("Tess")
    desk = Desk(ports, person)
    done = answered(ports, person, strategy="above-mean", settings={"period": 10})
    assert done.state == "succeeded"
    assert done.strategy == f"above-mean@{ready.version}"
    assert done.results is not None
    made = desk(
        asking.create,
        asking.NewAutomation("BTCUSDT", "above-mean", {"period": 10}, replay_id=desk.replay.id),
    )
    assert made.strategy == done.strategy


def test_a_strategy_that_knows_the_future_is_refused_by_name(ports, admin, ready):
    made, ended = uploaded(ports, admin, AHEAD.replace("above-mean", "oracle"))
    assert ended == "failed"
    with unit_of_work(ports):
        (row,) = user_strategies.versions(admin, "oracle")
        with pytest.raises(NotFound):
            strategies.named("oracle")
    assert (row.state, row.version) == ("refused", made.version)
    assert "exit_long of bar" in row.reason
    assert "looks ahead" in row.reason


def test_the_same_source_is_the_same_version_and_a_change_is_the_next(ports, admin):
    source = GOOD.replace("above-mean", "versioned")
    with unit_of_work(ports):
        first = user_strategies.upload(admin, source)
        assert user_strategies.upload(admin, source).version == first.version == 1
        passed("versioned")
        assert user_strategies.upload(admin, source).version == 1
        assert user_strategies.upload(admin, source.replace("0.1,", "0.2,")).version == 2
        assert strategies.named("versioned").name == "versioned@1"
        passed("versioned")
        assert strategies.named("versioned").name == "versioned@2"
        assert strategies.named("versioned@1").name == "versioned@1"
        assert user_strategies.withdraw(admin, "versioned") == 2
        for name in ("versioned", "versioned@1"):
            with pytest.raises(NotFound):
                strategies.named(name)
        assert user_strategies.upload(admin, source).version == 3


@pytest.mark.parametrize(
    ("line", "instead", "words"),
    [
        ("class Above:", "class Above(:", "Line 9 .*SyntaxError"),
        ("import numpy as np", "import os", "Line 2: a strategy cannot import 'os'"),
        ("import numpy as np", "import numpy as np\nwhile True: pass", "endless loop"),
        ("import numpy as np", "import numpy as np\n[0] * 10**10", "MemoryError"),
        ("import numpy as np", "import numpy as np\nopen('/etc/passwd')", "PermissionError"),
        ('name = "above-mean"', 'name = "sma-cross"', "shipped"),
    ],
    ids=["syntax", "import of os", "endless loop", "memory", "file", "name"],
)
def test_what_is_no_strategy_or_breaks_out_is_told_with_its_line(
    ports, admin, line, instead, words
):
    with unit_of_work(ports), pytest.raises(Invalid, match=words):
        user_strategies.upload(admin, GOOD.replace(line, instead))


def test_only_administrators_load_strategies(ports, actor, viewer):
    for person in (actor, viewer):
        with unit_of_work(ports):
            for act, given in (
                (user_strategies.upload, GOOD),
                (user_strategies.withdraw, "above-mean"),
                (user_strategies.versions, "above-mean"),
            ):
                with pytest.raises(Forbidden):
                    act(person, given)


def test_strategies_over_rest(web, ports, admin, actor):
    area, body = "/api/v1/markets/strategies", {"source": GOOD.replace("above-mean", "by-rest")}
    with web.signed_in(actor) as client:
        assert client.post(area, json=body).status_code == 403
        assert client.delete(f"{area}/by-rest").status_code == 403
        assert client.get(f"{area}/by-rest/versions").status_code == 403
    with web.signed_in(admin) as client:
        refused = client.post(area, json={"source": "class A(:"})
        assert (refused.status_code, "SyntaxError" in refused.text) == (422, True)
        assert client.post(area, json={"source": "#" * 70_000}).status_code == 422
        made = client.post(area, json=body)
        assert (made.status_code, made.json()["state"]) == (201, "checking")
        (version,) = client.get(f"{area}/by-rest/versions").json()
        assert (version["state"], version["version"]) == ("checking", 1)
        assert "by-rest" not in client.get(area).text
        with unit_of_work(ports):
            passed("by-rest")
    with web.signed_in(actor) as client:
        told = {one["name"]: one for one in client.get(area).json()}
        assert told["sma-cross"]["is_shipped"]
        assert told["by-rest@1"]["parameters"][0]["name"] == "period"
    with web.signed_in(admin) as client:
        assert client.delete(f"{area}/by-rest").status_code == 204
        assert client.delete(f"{area}/nobody").status_code == 404


def test_paper_equals_backtest_when_it_turns_and_trails(ports, people, ready):
    desk = Desk(ports, people("Uma"), kind="perpetual")
    made = desk.started(strategy=ready.name, settings={"period": 10})
    for _ in range(2):
        desk.hours(60)
        desk.round()
    report = desk(parity.compare, made.automation_id)
    assert report.found.differences == ()
    assert report.n_paper == report.n_backtest == report.found.identical > 3
    reasons = {one.exit_reason for one in desk.trades(made)}
    assert {"reverse", "trailing stop"} <= reasons
    turned = [one for one in desk.trades(made) if one.exit_reason == "reverse"]
    entries = {one.opened_ms for one in desk.trades(made)}
    assert {one.closed_ms for one in turned} <= entries


def test_a_wish_that_stands_over_many_bars_is_one_signal(ports, people, ready):
    desk = Desk(ports, people("Uma"))
    made = desk.started(strategy="buy-and-hold", settings={})
    desk.hours(30)
    desk.round()
    (signal,) = desk.signals(made)
    assert signal.outcome == "entered"


def test_strategies_by_command(ports, admin, tmp_path):
    token = LOCAL.set(LocalAccess(lambda: ports))
    file = tmp_path / "mine.py"
    file.write_text(GOOD.replace("above-mean", "by-command"))

    def sonde(*words):
        return CliRunner().invoke(STRATEGIES, [str(word) for word in words])

    try:
        assert "by-command@1: checking" in sonde("add", file).output
        listed = sonde("list").output
        assert "sma-cross" in listed
        assert "by-command@1" in listed
        assert "Withdrawn: by-command, 1 versions." in sonde("withdraw", "by-command").output
        file.write_text("import os")
        refused = sonde("add", file)
        assert (refused.exit_code, "cannot import 'os'" in refused.output) == (2, True)
        assert sonde("add", tmp_path / "none.py").exit_code == 2
    finally:
        LOCAL.reset(token)
