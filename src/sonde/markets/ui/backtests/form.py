"""The form that asks for a backtest or study."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.markets.core.backtesting.stored_runs import STUDY_TITLES
from sonde.markets.core.backtesting.sweep import MEASURES
from sonde.markets.core.prices.series import Series
from sonde.markets.core.risk.settings import SETTINGS
from sonde.markets.core.strategies.protocol import Strategy
from sonde.markets.core.timeframes import TIMEFRAMES
from sonde.markets.ui.backtests.fields import (
    axis_field,
    choice,
    form_grid,
    number,
    parameter_field,
)
from sonde.markets.ui.backtests.ids import FormId, field
from sonde.markets.ui.backtests.wish import LIMITS, SEARCHES, SEVERAL, Form
from sonde.markets.ui.backtests.words import name_words
from sonde.markets.ui.price_sample.button import WORDS, sample_button
from sonde.platform.ui.components import button_link, card, empty_state
from sonde.platform.ui.icons import icon
from sonde.platform.ui.wording import count

STUDY_WORDS: Final[Mapping[str, str]] = {
    "backtest": "One run: every trade, every figure, buy and hold beside it.",
    "sweep": "Many settings: a map of them, and what is left of the best once the search is "
    "counted.",
    "walk-forward": "Settings are chosen on a stretch, traded on the next one, and so on.",
    "look-ahead": "The candles are cut and the strategy is asked again: does it know the future?",
    "recursive": "The history begins later: do the decisions depend on where it begins?",
    "monte-carlo": "The trades in other orders and drawn again: what else could have happened.",
}
_SIZINGS: Final = (
    ("equity", "Share of the equity, %"),
    ("quote", "Amount of quote currency"),
    ("quantity", "Quantity of base currency"),
    ("risk", "Risk at the stop, % of the equity"),
)
_TRAININGS: Final = (("rolling", "Moves along"), ("anchored", "Begins at the first bar, grows"))


def form_card(form: Form, stored: Sequence[Series], known: Sequence[Strategy]) -> Any:
    """Return the form; where no prices are stored, the way to them."""
    if not stored:
        way = button_link("Import prices", "/markets/data", icon_name="tabler:file-import")
        return card(
            empty_state(
                "No prices yet",
                "A backtest runs over stored candles. Import a file or collect from an exchange. "
                + WORDS,
                icon_name="tabler:chart-candle",
                actions=[way, sample_button("backtests")],
            ),
            title="New backtest",
        )
    strategy = next(each for each in known if each.name == form.strategy)
    parts = [
        _what(form, stored, known),
        html.P(about(form.study, strategy), id=FormId.ABOUT, className="sonde-dim"),
        html.Div(parameter_fields(form, strategy), id=FormId.PARAMETERS),
        html.Div(study_fields(form, stored), id=FormId.STUDY_FIELDS),
        *_folded(form),
        html.Div(_run_button(), className="sonde-row sonde-dialog-foot"),
    ]
    return card(html.Div(parts, className="sonde-stack"), title="New backtest")


def about(study: str, strategy: Strategy) -> str:
    """Say what the study asks and what the strategy does."""
    return f"{STUDY_WORDS[study]} {strategy.title}: {strategy.words}"


def parameter_fields(form: Form, strategy: Strategy) -> Any:
    """Return the strategy's parameters, and for a search what it tries of them."""
    own = [parameter_field(each, form.settings) for each in strategy.parameters]
    if not own:
        return html.P("This strategy has nothing to set.", className="sonde-dim")
    if form.study not in SEARCHES:
        return form_grid(own)
    axes = [axis_field(each, form.axes) for each in strategy.parameters]
    return html.Div([form_grid(own), form_grid(axes)], className="sonde-stack")


def study_fields(form: Form, stored: Sequence[Series]) -> Any:
    """Return what the study itself asks."""
    said = form.fields
    parts: list[Any] = []
    if form.study in SEVERAL:
        parts.append(_further(said, stored))
    if form.study in SEARCHES:
        parts += _search_fields(said)
    if form.study == "walk-forward":
        parts += _window_fields(said)
    if form.study == "look-ahead":
        parts.append(
            number("cuts", "Cuts", said.get("cuts", 200), description="How often the candles end.")
        )
    if form.study == "recursive":
        parts.append(_starts(said))
    if form.study == "monte-carlo":
        parts.append(number("draws", "Draws", said.get("draws", 1000)))
    return form_grid(parts) if parts else None


def _further(said: Mapping[str, Any], stored: Sequence[Series]) -> Any:
    keys = list(dict.fromkeys(each.instrument.key for each in stored))
    return dmc.MultiSelect(
        id=field("also"),
        label="Further symbols",
        description="They share one account with the first.",
        data=keys,
        value=[key for key in said.get("also") or () if key in keys],
        placeholder="none",
        searchable=True,
        clearable=True,
        maxValues=19,
    )


def _what(form: Form, stored: Sequence[Series], known: Sequence[Strategy]) -> Any:
    chosen = next((each.id for each in stored if each.id == form.series_id), stored[0].id)
    controls = [
        dmc.Select(
            id=FormId.STUDY,
            label="What to ask",
            data=[{"value": name, "label": title} for name, title in STUDY_TITLES.items()],
            value=form.study,
            allowDeselect=False,
        ),
        dmc.Select(
            id=FormId.STRATEGY,
            label="Strategy",
            data=[{"value": each.name, "label": each.title} for each in known],
            value=form.strategy,
            allowDeselect=False,
        ),
        dmc.Select(
            id=FormId.SERIES,
            label="Prices",
            data=[
                {"value": each.id, "label": f"{each.key} ({count(each.n_bars)} bars)"}
                for each in stored
            ],
            value=chosen,
            allowDeselect=False,
            searchable=True,
        ),
        _moment("from", "From (UTC)", form.fields),
        _moment("to", "To (UTC)", form.fields),
    ]
    return form_grid(controls)


def _moment(name: str, label: str, said: Mapping[str, Any]) -> Any:
    places = {"from": "first bar", "to": "last bar"}
    return dmc.TextInput(
        id=field(name), label=label, value=str(said.get(name) or ""), placeholder=places[name]
    )


def _folded(form: Form) -> list[Any]:
    """Return money and costs, folded where they are as usual."""
    said = form.fields
    groups = (
        ("Money and size of an entry", _money_fields(said), _MONEY),
        ("Risk rules", _limit_fields(said), dict.fromkeys(LIMITS)),
        ("Costs, liquidity and latency", _cost_fields(said), _COSTS),
    )
    return [
        html.Details(
            [html.Summary(title), form_grid(controls)],
            className="sonde-twin",
            open=any(said.get(name) not in (None, "", usual) for name, usual in usuals.items()),
        )
        for title, controls, usuals in groups
    ]


_MONEY: Final[Mapping[str, Any]] = {"start": 10_000, "sizing": "equity", "size": 100, "leverage": 1}
_COSTS: Final[Mapping[str, Any]] = {
    "taker_fee": None,
    "half_spread_ppm": 0,
    "slippage_ppm": 0,
    "impact_ppm": 0,
    "volume_share": None,
    "latency_ms": 0,
    "detail": "",
}


def _money_fields(said: Mapping[str, Any]) -> list[Any]:
    def held(name: str) -> Any:
        return said.get(name, _MONEY[name])

    return [
        number("start", "Money at the beginning", held("start"), description="In quote currency."),
        choice("sizing", "An entry is", _SIZINGS, held("sizing")),
        number("size", "Size", held("size"), description="Several symbols: of each entry."),
        number("leverage", "Leverage", held("leverage"), description="1 for spot.", max=200),
    ]


def _limit_fields(said: Mapping[str, Any]) -> list[Any]:
    lows = {each.name: float(each.low) for each in SETTINGS}
    return [
        number(
            name,
            label,
            said.get(name),
            description=words,
            **({"min": lows[name]} if lows[name] < 0 else {}),
        )
        for name, (label, words) in LIMIT_WORDS.items()
    ]


LIMIT_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "stop_loss_percent": ("Stop loss, %", "For entries without a stop."),
    "take_profit_percent": ("Take profit, %", "For entries without a target."),
    "max_open_trades": ("Open trades", "At once, over all symbols."),
    "max_daily_loss_percent": ("Largest loss in a day, %", "Then no entry until 00:00 UTC."),
    "max_drawdown_percent": ("Largest drawdown, %", "Then no entry any more."),
    "max_position_percent": ("Largest position, %", "Of equity; larger ones are refused."),
    "max_total_exposure_percent": ("Exposure in all, %", "Of equity, all symbols."),
    "max_risk_percent": ("Risk of one trade, %", "Of equity, down to the stop."),
    "max_atr_percent": ("Volatility (ATR), %", "Of the price; no entry above."),
    "cooldown_minutes": ("Pause after an exit, min", "Its symbol rests."),
    "stop_guard_stops": ("Stops that pause trading", "So many stops, and everything rests."),
    "stop_guard_bars": ("Stops within, bars", "Empty: 24."),
    "low_profit_trades": ("Last trades of a symbol", "It rests if these made too little."),
    "low_profit_percent": ("Least they must make, %", "Together. Empty: 0."),
    "low_profit_minutes": ("Its rest, min", "Empty: 60."),
}


def _cost_fields(said: Mapping[str, Any]) -> list[Any]:
    def held(name: str) -> Any:
        return said.get(name, _COSTS[name])

    own = "Empty: the instrument's taker fee."
    part = "Parts per million of the price."
    impact = "Parts per million if an order took a whole bar's volume."
    return [
        number("taker_fee", "Fee, %", held("taker_fee"), description=own),
        number("half_spread_ppm", "Half spread, ppm", held("half_spread_ppm"), description=part),
        number("slippage_ppm", "Slippage, ppm", held("slippage_ppm"), description=part),
        number("impact_ppm", "Impact, ppm", held("impact_ppm"), description=impact),
        number(
            "volume_share", "Volume share, %", held("volume_share"), description="Empty: no limit."
        ),
        number("latency_ms", "Latency, ms", held("latency_ms"), description="Decision to order."),
        _detail(said),
    ]


def _detail(said: Mapping[str, Any]) -> Any:
    return dmc.Select(
        id=field("detail"),
        label="Finer candles",
        description="Settle what a bar leaves open.",
        data=list(TIMEFRAMES),
        value=said.get("detail") or None,
        placeholder="None",
        clearable=True,
    )


def _search_fields(said: Mapping[str, Any]) -> list[Any]:
    ways = (("grid", "Every combination"), ("random", "Random draws"))
    measures = [(name, name_words(name)) for name in MEASURES]
    return [
        choice("measure", "The best has most", measures, said.get("measure", "sharpe")),
        choice("way", "Search", ways, said.get("way", "grid")),
        number("draws", "Random draws", said.get("draws", 100), description="Only for these."),
    ]


def _window_fields(said: Mapping[str, Any]) -> list[Any]:
    return [
        number("train", "Training, bars", said.get("train", 2000)),
        number("test", "Test, bars", said.get("test", 500)),
        number("purge", "Purge, bars", said.get("purge", 0), description="Left out between both."),
        number("embargo", "Embargo, bars", said.get("embargo", 0), description="Left out beyond."),
        choice("anchored", "Training", _TRAININGS, said.get("anchored", "rolling")),
    ]


def _starts(said: Mapping[str, Any]) -> Any:
    return dmc.TextInput(
        id=field("starts"),
        label="Begin at bars",
        description="Empty: at a tenth, a quarter and half of them.",
        value=str(said.get("starts") or ""),
    )


def _run_button() -> Any:
    return dmc.Button("Run", id=FormId.RUN, leftSection=icon("tabler:player-play", 16))
