"""The desk's sidebar without a server: what it shows, and that every control is there."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from sonde.markets.core.accounts import Balance
from sonde.markets.core.feeds.quotes import Quote, no_quote
from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.money import Currency
from sonde.markets.core.risk.kill_switch import KillSwitch, Stage
from sonde.markets.core.risk.locks import Lock
from sonde.markets.core.risk.settings import SETTINGS, RiskSettings
from sonde.markets.core.sides import Side
from sonde.markets.core.signal_votes import FILTERS, confidence_in, votes
from sonde.markets.core.trades import LiveResult, Trade, TradeState
from sonde.markets.services.account_money import Money
from sonde.markets.services.accounts import Account
from sonde.markets.services.desk_choices import DeskChoice
from sonde.markets.services.desk_views import AccountNow, Desk
from sonde.markets.services.risk_settings import SettingsVersion
from sonde.markets.services.trading import TradeView
from sonde.markets.ui.backtests.words import value_words
from sonde.markets.ui.desk.guarding import BY_SLIDER, guard_state, lock_list
from sonde.markets.ui.desk.ids import DeskId, GuardId
from sonde.markets.ui.desk.sidebar import sidebar
from sonde.markets.ui.desk.words import price_view, signed
from sonde.markets.ui.moving.places import moving_amount, moving_with
from sonde.markets.ui.pages import PAGES

USDT = Currency("USDT")
BTC = Instrument(
    "x",
    "BTCUSDT",
    "BTC",
    "USDT",
    Decimal("0.01"),
    Decimal("0.001"),
    Decimal(5),
    FEE_PRESETS["replay"],
)
QUOTE = Quote("x:AB", Decimal(2), None, None, 0, 1_500, False, "replay", "May")
MONEY = Money(USDT, Balance(USDT.units_of(900), USDT.units_of(100), 0, 0), USDT.units_of(1000))
DESK = Desk(
    DeskChoice("x:AB", "a", ("rsi",)),
    ("x:AB", "x:CD"),
    [Account("a", "u", "w", "Paper", USDT, Decimal(1000), 0)],
    QUOTE,
    votes(["rsi"], {"rsi": 25.0}),
    AccountNow(MONEY, (), KillSwitch()),
    SettingsVersion(3, RiskSettings(), "u", datetime(2026, 1, 1, tzinfo=UTC)),
)


def told(component: Any) -> str:
    if isinstance(component, list):
        return " ".join(told(one) for one in component)
    return json.dumps(component, default=lambda one: one.to_plotly_json())


def test_every_control_of_the_desk_is_there() -> None:
    page = told(sidebar(DESK))
    fields = {one.name for one in SETTINGS} - {BY_SLIDER}
    assert all(f'"name": "{name}"' in page for name in fields)
    for control in (*DeskId, *GuardId):
        assert f'"{control.value}"' in page, control
    for words in ("1,000.00 USDT", "replay of May, ", "2 s old", "Version 3 holds", "oversold"):
        assert words in page


def test_equity_says_by_itself_how_it_moves_so_that_every_place_shows_the_same() -> None:
    long = Trade("t", BTC.key, Side.LONG, 5, 0, state=TradeState.OPEN, filled_steps=3_000)
    short = replace(long, id="u", side=Side.SHORT, filled_steps=1_000)
    live, mark = LiveResult(0, 0, 0, None), Decimal("100.19")
    held = [TradeView(one, BTC, live, mark) for one in (long, short)]
    held.append(TradeView(replace(long, id="v"), BTC, None, None))
    assert json.loads(moving_with(held)) == {BTC.key: [2.0, 100.19]}
    account = replace(DESK.account, positions=tuple(held))  # type: ignore[type-var]
    assert told(sidebar(replace(DESK, account=account))).count("x:BTCUSDT") == 3


def test_what_is_shown_as_nought_has_no_minus() -> None:
    assert moving_amount(-0.001, "USDT", "{}", of=1_000.0).children == "0.00 USDT (+0.00 %)"
    assert moving_amount(-0.001, "USDT", "{}", is_signed=True).children == "+0.00 USDT"
    assert value_words(-0.001, "money", "USDT") == "0.00 USDT"
    nought = signed(Decimal("-0.00002"), "USDT")
    assert (nought.children, "is-gray" in nought.className) == ("0 USDT", True)


def test_a_viewer_sees_prices_and_signals_and_nothing_that_acts() -> None:
    page = told(sidebar(replace(DESK, accounts=[], account=None, settings=None)))
    assert DeskId.FILTERS.value in page
    assert DeskId.MONEY.value not in page
    assert GuardId.STOP.value not in page


def test_without_any_instrument_the_desk_says_what_to_do() -> None:
    empty = replace(DESK, symbols=(), quote=no_quote("", "file", "store", "No instrument yet."))
    page = told(sidebar(empty))
    assert "No instrument yet." in page
    assert "/markets/data" in page


def test_a_price_says_where_it_is_from_how_old_it_is_and_whether_it_is_stale() -> None:
    assert ", stale" not in told(price_view(QUOTE))
    stale = replace(QUOTE, is_stale=True, reason="The last price is 90 s old.", age_ms=90_000)
    assert "1 min 30 s old, stale" in told(price_view(stale))
    assert "The last price is 90 s old." in told(price_view(stale))
    assert "No price" in told(price_view(no_quote("x:AB", "live", "x", "The feed is off.")))


def test_switch_and_locks_are_told_in_words() -> None:
    pressed = KillSwitch(Stage.STOP_ENTRIES, "news", "u", 5)
    assert "Entries are stopped" in told(guard_state(pressed))
    lock = Lock("l", "x:AB", Side.SHORT, 60_000, "no shorts", "u", 0)
    words = "x:AB, short only, until 1970-01-01 00:01 UTC: no shorts"
    assert words in told(lock_list([lock]))
    assert "Nothing is locked." in told(lock_list([]))


@pytest.mark.parametrize(
    ("numbers", "sides"),
    [
        ({"rsi": 29.9, "macd_diff": 0.1, "close": 9.0, "bb_low": 10.0, "bb_high": 12.0}, "long"),
        ({"rsi": 70.1, "macd_diff": -0.1, "close": 13.0, "bb_low": 10.0, "bb_high": 12.0}, "short"),
    ],
)
def test_filters_point_one_way_and_their_share_is_the_confidence(
    numbers: dict[str, float], sides: str
) -> None:
    said = votes(list(FILTERS), numbers)
    assert [one.side for one in said] == [Side(sides)] * 3
    assert confidence_in(Side(sides), said) == 1
    other = votes(list(FILTERS), {**numbers, "rsi": 50.0})
    assert confidence_in(Side(sides), other) == Decimal("0.67")


def test_what_cannot_be_measured_points_nowhere() -> None:
    (said,) = votes(["macd"], {"macd_diff": None})
    assert (said.side, said.words) == (None, "There are not enough bars yet.")


def test_every_page_of_markets_is_shown_beside_the_desk() -> None:
    assert {page.layout.func.__module__ for page in PAGES} == {"sonde.markets.ui.desk.beside"}
