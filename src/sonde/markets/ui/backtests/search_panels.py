"""What came of a sweep or a walk-forward."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import html

from sonde.markets.core.backtesting.file_run import words_of
from sonde.markets.core.backtesting.lines import ForwardLine
from sonde.markets.core.backtesting.stored_runs import Backtest
from sonde.markets.core.backtesting.sweep import MEASURES
from sonde.markets.ui.backtests.figures import (
    axis_figure,
    map_figure,
    time_figure,
    windows_figure,
)
from sonde.markets.ui.backtests.ids import ResultId
from sonde.markets.ui.backtests.metrics import metric_tables
from sonde.markets.ui.backtests.run_panels import next_card
from sonde.markets.ui.backtests.state import like_path
from sonde.markets.ui.backtests.words import (
    NOT_KNOWN,
    Kind,
    figure_words,
    name_words,
    settings_words,
    signed,
    value_words,
)
from sonde.platform.ui.components import button_link, card, columns, note, stat_card
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, grid, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count

KINDS: Final[Mapping[str, Kind]] = {
    "net_profit": "money",
    "return": "share",
    "max_drawdown": "share",
    "expectancy": "money",
    "win_rate": "share",
    "trades": "count",
}
_SHARES: Final = ("return", "max_drawdown", "win_rate")
_REFUSED: Final = 12
_MOST_TELLING: Final = 3.0


def sweep_body(run: Backtest) -> list[Any]:
    """Return the best cell and its doubt, maps of the search, and every cell."""
    said: Mapping[str, Any] = run.results or {}
    parts = [_sweep_head(said), doubt_card(said["doubt"]), *_maps(run, said)]
    best = button_link(
        "Backtest of the best one",
        like_path(run.backtest_id, "backtest", 0),
        icon_name="tabler:player-play",
    )
    cells = card(
        [_cells(run, said), *_refused(said)],
        title=f"Cells, best first ({count(len(said['cells']))} of {count(said['n_cells'])})",
        description="Choose one to begin a backtest with its settings.",
        actions=[best],
    )
    return [*parts, cells, next_card(run)]


def _sweep_head(said: Mapping[str, Any]) -> Any:
    best, measure = said["best"], said["measure"]
    figures = best["figures"]
    cards = [
        stat_card(
            "Cells",
            count(said["n_cells"]),
            icon_name="tabler:category",
            hint=f"{count(said['bars'])} bars each",
        ),
        stat_card(
            f"Best by {name_words(measure).lower()}",
            figure_words(figures[measure], KINDS.get(measure, "ratio")),
            icon_name="tabler:target",
            hint=settings_words(best["settings"]),
        ),
        stat_card(
            "Net profit of the best",
            figure_words(figures["net_profit"], "money"),
            icon_name="tabler:chart-line",
            hint=f"{figure_words(figures['trades'], 'count')} trades",
        ),
        stat_card(
            "Deflated Sharpe ratio",
            deflated_value(said["doubt"]),
            icon_name="tabler:shield-check",
            hint="How sure it is above 0, the search counted",
        ),
    ]
    return columns(cards, minimum=200)


def deflated_value(doubt: Mapping[str, Any]) -> str:
    """Return the deflated Sharpe ratio as a probability, or n/a."""
    found = doubt["deflated"]
    return NOT_KNOWN if found is None else value_words(found["probability"], "share")


def doubt_card(doubt: Mapping[str, Any]) -> Any:
    """Return in words what is left of the best once the search is counted."""
    words = doubt_words(doubt)
    found = doubt["deflated"]
    sure = found is not None and found["probability"] >= 0.95
    tone = Tone.GOOD if sure else Tone.WARN
    return card(
        [note(words[0], tone), *(html.P(each, className="sonde-dim") for each in words[1:])],
        title="What is left once the search is counted",
    )


def doubt_words(doubt: Mapping[str, Any]) -> list[str]:
    """Say what the deflated Sharpe ratio and the probability of overfitting mean."""
    deflated, over = doubt["deflated"], doubt["overfitting"]
    said = []
    if deflated is None:
        said.append(f"The deflated Sharpe ratio cannot be said: {doubt['reason']}.")
    else:
        said.append(
            f"Once {count(deflated['trials'])} tries are counted, the best Sharpe ratio is above 0 "
            f"with a probability of {100 * deflated['probability']:.1f} %. Luck alone would have "
            f"brought a best of {deflated['expected_best']:.3f} a day; it was "
            f"{deflated['sharpe']:.3f}."
        )
    if over is None:
        said.append(f"The probability of overfitting cannot be said: {doubt['reason']}.")
    else:
        said.append(
            f"In {100 * over['probability']:.0f} % of the ways to halve the time, the best of one "
            "half was below the middle in the other half (probability of backtest overfitting); "
            f"in {100 * over['loss_probability']:.0f} % it lost."
        )
    return said


def _maps(run: Backtest, said: Mapping[str, Any]) -> list[Any]:
    measure = said["measure"]
    if said["maps"]:
        drawn = [_map(told, number, measure) for number, told in enumerate(said["maps"])]
        return [card(columns(drawn, minimum=520), title="Map of the search")]
    axes = run.asked["study"]["axes"]
    if len(axes) != 1:
        return []
    (name,) = axes
    cells = sorted(said["cells"], key=lambda each: each["settings"][name])
    values = [each["settings"][name] for each in cells]
    figures = [each["figures"][measure]["value"] for each in cells]
    chart = graph(
        axis_figure(values, figures, name_words(measure)),
        id=ResultId.MAP.value,
        name=f"{name_words(measure)} over {name}",
        summary=f"{name_words(measure)} of {count(len(cells))} values of {name}.",
    )
    return [card(chart, title="Line of the search")]


def _map(told: Mapping[str, Any], number: int, measure: str) -> Any:
    known = [value for row in told["values"] for value in row if value is not None]
    kind = KINDS.get(measure, "ratio")
    told_range = (
        f"between {value_words(min(known), kind)} and {value_words(max(known), kind)}"
        if known
        else "nowhere known"
    )
    head = (
        Column(f"{told['y']} \\ {told['x']}"),
        *(Column(str(each), numeric=True) for each in told["x_values"]),
    )
    rows = [
        [str(value), *(value_words(each, kind) for each in row)]
        for value, row in zip(told["y_values"], told["values"], strict=True)
    ]
    return graph(
        map_figure(told, measure),
        id=f"{ResultId.MAP.value}-{number}",
        name=f"{name_words(measure)} over {told['x']} and {told['y']}",
        summary=f"{name_words(measure)} over {told['x']} and {told['y']}, {told_range}. An island "
        "among poor neighbours is luck; a plain is worth a closer look.",
        twin=Twin(head, rows),
        height=380,
    )


def _cells(run: Backtest, said: Mapping[str, Any]) -> Any:
    names = list(MEASURES)
    shown = (
        Column("Settings", "title", options={"cellRenderer": "SondeLink", "minWidth": 220}),
        *(_measure_column(name) for name in names),
    )
    rows = [
        {
            "id": str(number),
            "title": settings_words(cell["settings"]),
            "href": like_path(run.backtest_id, "backtest", number),
            **{name: cell["figures"][name]["value"] for name in names},
        }
        for number, cell in enumerate(said["cells"])
    ]
    return grid(shown, id=ResultId.CELLS, name="Cells of the search", rows=rows, height=420)


def _measure_column(name: str) -> Column:
    words = "sondeShare(params.value)" if name in _SHARES else "sondeFixed(params.value)"
    options = {"valueFormatter": {"function": words}} if name != "trades" else {}
    return Column(name_words(name), name, numeric=True, width=130, options=options)


def _refused(said: Mapping[str, Any]) -> list[Any]:
    if not said["n_refused"]:
        return []
    first = said["refused"][:_REFUSED]
    items = [html.Li(f"{settings_words(one['settings'])}: {one['reason']}") for one in first]
    title = f"{count(said['n_refused'])} combinations were refused by the strategy"
    return [html.Details([html.Summary(title), html.Ul(items)], className="sonde-twin")]


def forward_body(run: Backtest, line: ForwardLine) -> list[Any]:
    """Return the joined tests, their figures, and every window."""
    said: Mapping[str, Any] = run.results or {}
    return [
        _forward_head(run, said),
        _separation(said["separation"]),
        card(_tested(line), title="Equity through the tests", description="Test bars only."),
        card(
            [_windows(said["windows"]), window_table(said["windows"])],
            title=f"Windows ({count(len(said['windows']))})",
        ),
        card(metric_tables(said["metrics"], ""), title="Figures of the tests"),
        next_card(run),
    ]


def _forward_head(run: Backtest, said: Mapping[str, Any]) -> Any:
    summary: Mapping[str, Any] = run.summary or {}
    efficiency = said["efficiency"]
    cards = [
        stat_card(
            "Return in the tests",
            value_words(summary.get("total_return"), "share"),
            icon_name="tabler:chart-line",
            hint=f"{count(summary['trades'])} trades",
        ),
        stat_card(
            "Sharpe ratio",
            value_words(summary.get("sharpe"), "ratio"),
            icon_name="tabler:activity",
            hint=said["metrics"]["growth"]["sharpe"]["reason"] or "Of the tests alone",
        ),
        stat_card(
            "Deepest fall",
            value_words(summary.get("max_drawdown"), "share"),
            icon_name="tabler:droplet",
        ),
        stat_card(
            "Efficiency",
            value_words(efficiency if is_telling(efficiency) else None, "share"),
            icon_name="tabler:arrow-right",
            hint=efficiency_words(efficiency),
        ),
    ]
    return columns(cards, minimum=200)


def is_telling(efficiency: float | None) -> bool:
    """Say whether the trainings brought enough to set the tests against them.

    Examples
    --------
    >>> is_telling(0.6), is_telling(9.2), is_telling(None)
    (True, False, False)
    """
    return efficiency is not None and abs(efficiency) <= _MOST_TELLING


def efficiency_words(efficiency: float | None) -> str:
    """Say what is left of the training's return in the tests.

    Examples
    --------
    >>> efficiency_words(None)
    'The trainings lost already'
    """
    if efficiency is None:
        return "The trainings lost already"
    if not is_telling(efficiency):
        return "The trainings brought next to nothing"
    return "Return a bar in the tests over that in training"


def _separation(apart: Mapping[str, Any]) -> Any:
    if apart["holds"]:
        words = (
            "Every training, its trades included, ended before its test began; no bar was tested "
            "twice."
        )
        return note(words, Tone.GOOD, title="Training and test lie apart")
    words = (
        f"{count(apart['shared_bars'])} bars are in a training and its test, "
        f"{count(apart['tested_twice'])} are in several tests, or a trade of a training reached "
        "into its test. Give a purge as long as the longest trade."
    )
    return note(words, Tone.WARN, title="Training and test do not lie apart")


def _tested(line: ForwardLine) -> Any:
    ends = f"{line.equity[0]:,.2f} to {line.equity[-1]:,.2f}" if line.equity else "nothing"
    return graph(
        time_figure([("Equity", line.close_time_ms, line.equity)], "Equity"),
        id=ResultId.TESTED.value,
        name="Equity through the tests",
        summary=f"From {ends}, each test beginning with what the one before left.",
    )


def _windows(windows: Sequence[Mapping[str, Any]]) -> Any:
    return graph(
        windows_figure(windows),
        id=ResultId.WINDOWS.value,
        name="Windows of training and test",
        summary=f"{count(len(windows))} windows move through the bars; the gap between training "
        "and test is purge and embargo.",
        height=max(220, min(640, 90 + 22 * len(windows))),
    )


def window_table(windows: Sequence[Mapping[str, Any]]) -> Any:
    """Return what each window chose and what that brought outside."""
    head = (
        Column("Window", numeric=True),
        Column("Tested from, UTC"),
        Column("To"),
        Column("Chosen in training"),
        Column("Net in training", numeric=True),
        Column("Net in the test", numeric=True),
        Column("Trades", numeric=True),
    )
    rows = [
        [
            str(number),
            words_of(each["test_from_ms"]),
            words_of(each["test_to_ms"]),
            settings_words(each["chosen"]),
            signed(each["trained_net_profit"], "money"),
            signed(float(each["tested_net_profit"]), "money"),
            count(each["tested_trades"]),
        ]
        for number, each in enumerate(windows, 1)
    ]
    return plain_table(head, rows)
