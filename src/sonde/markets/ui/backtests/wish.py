"""From what a person wrote into the form to what is asked, and back from a run to the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sonde.markets.core.backtesting.assumptions import Assumptions
from sonde.markets.core.backtesting.file_run import words_of
from sonde.markets.core.backtesting.stored_runs import Backtest
from sonde.markets.core.prices.series import Series
from sonde.markets.services.backtests.asking import Wish
from sonde.markets.ui.market_data.callbacks import moment_ms
from sonde.platform.core.errors import Invalid

SEARCHES: Final = frozenset({"sweep", "walk-forward"})
_DECIMALS: Final = ("start", "size", "leverage")
_PERCENT: Final = ("taker_fee", "volume_share")
_WHOLE: Final = ("half_spread_ppm", "slippage_ppm", "impact_ppm", "latency_ms")
_TEXT: Final = ("sizing",)
_NUMBERS: Final[Mapping[str, Sequence[str]]] = {
    "sweep": (),
    "walk-forward": ("train", "test", "purge", "embargo"),
    "look-ahead": ("cuts", "seed"),
    "monte-carlo": ("draws", "seed"),
}
# strategies send no resting orders, so nothing of these is asked on the page
_NOT_ASKED: Final = frozenset({"limits", "maker_fee", "limit_fill"})
LIMITS: Final = (
    *("stop_loss_percent", "take_profit_percent", "max_open_trades"),
    *("max_daily_loss_percent", "max_drawdown_percent", "max_position_percent"),
    *("max_total_exposure_percent", "max_risk_percent", "max_atr_percent"),
    *("cooldown_minutes", "stop_guard_stops", "stop_guard_bars"),
    *("low_profit_trades", "low_profit_percent", "low_profit_minutes"),
)
SEVERAL: Final = frozenset({"backtest", "monte-carlo"})
_MOST_VALUES: Final = 1000
_LONGEST: Final = 15


@dataclass(frozen=True)
class Form:
    """What the form holds.

    Parameters
    ----------
    study, strategy, series_id : str
    fields : mapping of str to value
        Period, money, costs and what the study asks, by the names of their controls.
    settings : mapping of str to value
        Of the strategy.
    axes : mapping of str to str
        What a search tries of a setting, as it is written.
    """

    study: str = "backtest"
    strategy: str = "sma-cross"
    series_id: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    axes: Mapping[str, str] = field(default_factory=dict)


def wish_of(form: Form, series: Series) -> Wish:
    """Return what is asked for; raises Invalid for what cannot be read."""
    said = form.fields
    detail = str(said.get("detail") or "")
    return Wish(
        symbol=series.instrument.symbol,
        strategy=form.strategy,
        settings={name: value for name, value in form.settings.items() if _is_there(value)},
        timeframe=series.timeframe.name,
        venue=series.instrument.venue,
        detail=detail,
        from_ms=moment_ms(str(said.get("from") or "")),
        to_ms=moment_ms(str(said.get("to") or "")),
        assumptions=assumptions_of(said),
        study=study_of(form),
        also=_also(form, series),
    )


def _also(form: Form, series: Series) -> tuple[str, ...]:
    """Return the further symbols; the one whose prices were chosen is not named twice."""
    if form.study not in SEVERAL:
        return ()
    chosen = form.fields.get("also") or ()
    return tuple(str(key) for key in chosen if key != series.instrument.key)


def assumptions_of(said: Mapping[str, Any]) -> Assumptions:
    """Return money and costs; what is empty is as usual, percents are fractions.

    Examples
    --------
    >>> told = assumptions_of({"taker_fee": 0.1, "volume_share": "", "latency_ms": 250})
    >>> str(told.taker_fee), told.volume_share, told.latency_ms
    ('0.001', None, 250)
    """
    told: dict[str, Any] = {name: said[name] for name in _TEXT if said.get(name)}
    told |= {name: _decimal(name, said[name]) for name in _DECIMALS if _is_there(said.get(name))}
    told |= {
        name: _decimal(name, said[name]) / 100 for name in _PERCENT if _is_there(said.get(name))
    }
    told |= {name: _whole(name, said[name]) for name in _WHOLE if _is_there(said.get(name))}
    if told.get("sizing", "equity") in {"equity", "risk"} and "size" in told:
        told["size"] /= 100
    limits = {name: str(_decimal(name, said[name])) for name in LIMITS if _is_there(said.get(name))}
    if limits:
        told["limits"] = limits
    return Assumptions(**told)


def study_of(form: Form) -> dict[str, Any]:
    """Return what the study itself is told; raises Invalid."""
    said, kind = form.fields, form.study
    told: dict[str, Any] = {
        name: _whole(name, said[name])
        for name in _NUMBERS.get(kind, ())
        if _is_there(said.get(name))
    }
    if kind in SEARCHES:
        told |= _search(form)
    if kind == "walk-forward":
        told["anchored"] = said.get("anchored") == "anchored"
    if kind == "recursive":
        starts = str(said.get("starts") or "").replace(",", " ").split()
        told["starts"] = [_whole("starts", each) for each in starts]
    return told


def _search(form: Form) -> dict[str, Any]:
    said = form.fields
    written = {name: text.strip() for name, text in form.axes.items() if (text or "").strip()}
    told: dict[str, Any] = {"measure": said.get("measure") or "sharpe"}
    if said.get("way") == "random":
        told["bounds"] = {name: bounds_of(name, text) for name, text in written.items()}
        told |= {
            name: _whole(name, said[name])
            for name in ("draws", "seed")
            if _is_there(said.get(name))
        }
    else:
        told["axes"] = {name: values_of(name, text) for name, text in written.items()}
    if not written:
        raise Invalid("Say for at least one parameter which values to try.", field="axes")
    return told


def values_of(name: str, text: str) -> list[str]:
    """Return the values that are written: with commas, or as first:last:step.

    Examples
    --------
    >>> values_of("fast", "5, 10"), values_of("fast", "10:30:10"), values_of("x", "0.5:1:0.25")
    (['5', '10'], ['10', '20', '30'], ['0.5', '0.75', '1'])
    """
    found: list[str] = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        found += _range(name, part) if ":" in part else [part]
    return found


def _range(name: str, text: str) -> list[str]:
    ends = [_decimal(name, each) for each in text.split(":")]
    if len(ends) not in {2, 3} or (step := ends[2] if len(ends) == 3 else Decimal(1)) <= 0:
        raise Invalid(f"{name}: write 10, 20, 40 or 10:50:10, not {text!r:.60}.", field=name)
    n = int((ends[1] - ends[0]) / step) + 1
    if not 1 <= n <= _MOST_VALUES:
        raise Invalid(f"{name}: {text!r:.60} are {n:,} values; give 1 to 1,000.", field=name)
    return [f"{(ends[0] + k * step).normalize():f}" for k in range(n)]


def bounds_of(name: str, text: str) -> list[float] | None:
    """Return low and high between which values are drawn; None draws from all of a choice.

    Examples
    --------
    >>> bounds_of("fast", "10..50"), bounds_of("sides", "all")
    ([10.0, 50.0], None)
    """
    if text.strip().lower() == "all":
        return None
    low, dots, high = text.partition("..")
    if not dots:
        raise Invalid(f"{name}: write 10..50 to draw between them, not {text!r:.60}.", field=name)
    return [float(_decimal(name, low)), float(_decimal(name, high))]


def form_like(run: Backtest, study: str = "", cell: int | None = None) -> Form:
    """Return the form with what a run was told, or with the settings of one cell of its search."""
    asked = run.asked
    told = asked["study"]
    axes = {name: ", ".join(str(each) for each in row) for name, row in _axes(told).items()}
    settings = dict(asked["settings"])
    if cell is not None and run.results is not None:
        cells = run.results.get("cells") or ()
        settings |= cells[cell]["settings"] if cell < len(cells) else {}
    fields = {
        "from": _moment(asked["from_ms"]),
        "to": _moment(asked["to_ms"]),
        **_money(asked["assumptions"]),
        **{name: float(value) for name, value in asked["assumptions"].get("limits", {}).items()},
        **{name: told[name] for name in _STUDY_FIELDS if name in told},
        "anchored": "anchored" if told.get("anchored") else "rolling",
        "way": "random" if told.get("bounds") else "grid",
        "starts": ", ".join(str(each) for each in told.get("starts") or ()),
    }
    bounds = {
        name: "all" if ends is None else f"{ends[0]:g}..{ends[1]:g}"
        for name, ends in (told.get("bounds") or {}).items()
    }
    kind = study or run.kind
    return Form(kind, run.strategy, asked["series_id"], fields, settings, axes | bounds)


_STUDY_FIELDS: Final = (
    *("train", "test", "purge", "embargo"),
    *("measure", "cuts", "draws", "seed"),
)


def _axes(told: Mapping[str, Any]) -> Mapping[str, Any]:
    return told.get("axes") or {}


def _money(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return money and costs as the form shows them; fractions in percent."""
    percents = {*_PERCENT, *({"size"} if document["sizing"] in {"equity", "risk"} else ())}
    return {
        name: float(Decimal(str(value)) * 100)
        if name in percents
        else (float(value) if name in _DECIMALS else value)
        for name, value in document.items()
        if value is not None and name not in _NOT_ASKED
    }


def _moment(time_ms: int | None) -> str:
    return "" if time_ms is None else words_of(time_ms)


def _is_there(value: Any) -> bool:
    return value is not None and value != ""


def _decimal(name: str, value: Any) -> Decimal:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    # an exponent may be written that no whole number should be made of
    if not number.is_finite() or (number and abs(number.adjusted()) > _LONGEST):
        raise Invalid(f"{name.replace('_', ' ')}: {value!r:.40} is no number.", field=name)
    return number


def _whole(name: str, value: Any) -> int:
    number = _decimal(name, value)
    if number != int(number):
        raise Invalid(f"{name.replace('_', ' ')}: give a whole number.", field=name)
    return int(number)
