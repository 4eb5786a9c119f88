"""The gate asks every rule, and each of them says what it measured."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.markets.core.risk import rules
from sonde.markets.core.risk.checking import RULES, check
from sonde.markets.core.risk.facts import OpenPosition, PendingEntry
from sonde.markets.core.risk.findings import Recommendation, RiskBlock, Verdict
from sonde.markets.core.risk.kill_switch import KillSwitch, Stage
from sonde.markets.core.risk.locks import Lock
from sonde.markets.core.risk.settings import RiskSettings
from sonde.markets.core.sides import Side
from tests.unit.markets.core.risk.asking import (
    ACCOUNT,
    BTC,
    HOUR,
    MINUTE,
    NOW,
    QUOTE,
    REQUEST,
    account,
    asked,
    past,
)

SETTINGS = RiskSettings()
SPOT = {"kind": "spot", "max_leverage": Decimal(1)}


def said(code, request=REQUEST, measured=ACCOUNT, **changes):
    return check(request, measured, SETTINGS.changed(changes)).found(code)


def test_every_file_of_the_family_is_asked():
    files = {path.stem for path in Path(rules.__file__).parent.glob("*.py")} - {"__init__"}
    assert files == set(RULES)
    report = check(REQUEST, ACCOUNT, SETTINGS)
    assert [one.code for one in report.findings] == list(RULES)
    assert all(one.sentence.endswith(".") for one in report.findings)


def test_a_modest_trade_is_approved():
    report = check(REQUEST, ACCOUNT, SETTINGS)
    assert report.recommendation is Recommendation.APPROVE, report.warnings + report.blocks
    report.let_through()


@pytest.mark.parametrize(
    ("code", "request_changes", "account_changes", "changes", "measured", "limit"),
    [
        ("position", {}, {}, {"max_position": 99}, "100", "99"),
        ("position_share", {"quantity": Decimal("0.06")}, {}, {}, "30", "25"),
        (
            "position_share",
            {},
            {"positions": (OpenPosition(BTC.key, Side.LONG, Decimal("0.05"), Decimal(50_000)),)},
            {},
            "26",
            "25",
        ),
        (
            "symbol_exposure",
            {},
            {"pending": (PendingEntry(BTC.key, Side.LONG, Decimal(5_000)),)},
            {},
            "51",
            "50",
        ),
        (
            "total_exposure",
            {},
            {"pending": (PendingEntry("binance:ETHUSDT", Side.LONG, Decimal(10_000)),)},
            {},
            "101",
            "100",
        ),
        ("trade_risk", {"stop_price": None}, {}, {"max_risk_percent": 1}, "1.001", "1"),
        ("open_trades", {}, {"open_trades": 10}, {}, "11", "10"),
        ("leverage", {"leverage": Decimal(6)}, {}, {}, "6", "5"),
        ("leverage", {"leverage": Decimal(21)}, {}, {"max_leverage": 100}, "21", "20"),
        ("daily_loss", {}, {"equity": Decimal(9_500)}, {}, "5", "5"),
        ("drawdown", {}, {"equity_peak": Decimal(11_000)}, {}, "1000", "1000"),
        (
            "drawdown",
            {},
            {"equity_peak": Decimal(10_500)},
            {"max_drawdown_percent": "4.5"},
            "4.76190476190476190476190476190",
            "4.5",
        ),
        ("volatility", {}, {"atr_percent": Decimal("10.1")}, {}, "10.1", "10"),
        ("spread", {}, {}, {"max_spread_percent": "0.001"}, "0.002", "0.001"),
        (
            "confidence",
            {"confidence": Decimal("0.94")},
            {},
            {"min_confidence": "0.95"},
            "0.94",
            "0.95",
        ),
        ("data_age", {}, {"now_ms": NOW + 60_000}, {}, "61", "60"),
        ("balance", {}, {"free": Decimal(100)}, {}, "100.1", "100"),
        ("grid", {"quantity": Decimal("0.00009")}, {}, {}, "4.5", "5"),
    ],
)
def test_a_rule_blocks_beyond_its_limit_and_says_both_numbers(
    code, request_changes, account_changes, changes, measured, limit
):
    found = said(code, asked(**request_changes), account(**account_changes), **changes)
    assert found.verdict is Verdict.BLOCK, found
    assert abs(found.measured - Decimal(measured)) < Decimal("1e-20")
    assert found.limit == Decimal(limit)


def test_near_a_limit_there_is_a_warning_and_a_review():
    report = check(REQUEST, ACCOUNT, SETTINGS.changed({"max_position": 110}))
    assert [one.code for one in report.warnings] == ["position"]
    assert report.recommendation is Recommendation.REVIEW
    report.let_through()


def test_the_refusal_names_every_reason():
    report = check(asked(quantity=Decimal("0.3")), account(free=Decimal(1)), SETTINGS)
    with pytest.raises(RiskBlock) as refused:
        report.let_through()
    assert refused.value.details["rules"] == [one.code for one in report.blocks]
    assert {"balance", "position_share"} <= set(refused.value.details["rules"])


def test_an_exit_is_never_kept_back_by_limits():
    bad = account(
        equity=Decimal(1),
        free=Decimal(0),
        quote=None,
        kill_switch=KillSwitch(Stage.STOP_ENTRIES, "news", "u", 1),
        locks=(Lock("l", "", None, None, "no", "u", 0),),
    )
    report = check(asked(is_exit=True, quantity=Decimal("0.00001")), bad, SETTINGS)
    assert report.recommendation is Recommendation.APPROVE
    assert [one.code for one in report.findings] == ["grid"]


def test_the_kill_switch_and_locks_stop_entries():
    stopped = account(kill_switch=KillSwitch(Stage.STOP_ENTRIES, "news", "u", 1))
    assert "news" in said("kill_switch", measured=stopped).sentence
    short_only = account(locks=(Lock("l", BTC.key, Side.SHORT, NOW + HOUR, "news", "u", 0),))
    assert said("lock", measured=short_only).verdict is Verdict.OK
    found = said("lock", asked(side=Side.SHORT), short_only)
    assert (found.verdict, found.measured) == (Verdict.BLOCK, Decimal(60))


def test_without_a_price_nothing_is_opened():
    found = said("data_age", measured=account(quote=None))
    assert found.verdict is Verdict.BLOCK
    assert found.measured is None
    assert "feed" in found.sentence


def test_a_close_is_not_old_before_the_next_one_is_due():
    hourly = replace(QUOTE, every_ms=HOUR)
    for late_s, verdict in ((3_659, Verdict.OK), (3_660, Verdict.BLOCK)):
        found = said("data_age", measured=account(quote=hourly, now_ms=NOW + late_s * 1000))
        assert (found.verdict, found.limit) == (verdict, 3_660)


def test_what_cannot_be_measured_is_reviewed_not_invented():
    found = said("volatility", measured=account(atr_percent=None))
    assert (found.verdict, found.measured) == (Verdict.WARN, None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"quantity": Decimal("0.000005")}, "step"),
        ({"quantity": Decimal(0)}, "step"),
        ({"stop_price": Decimal("49500.005")}, "stop"),
        ({"target_price": Decimal(-1)}, "target"),
    ],
)
def test_what_is_off_the_grid_is_blocked_by_name(changes, words):
    found = said("grid", asked(**changes))
    assert found.verdict is Verdict.BLOCK
    assert words in found.sentence


def test_spot_is_not_sold_short():
    spot = replace(BTC, **SPOT)
    assert said("leverage", asked(instrument=spot, side=Side.SHORT)).verdict is Verdict.BLOCK
    assert said("leverage", asked(instrument=spot)).verdict is Verdict.OK


def test_the_stop_lies_between_the_price_and_liquidation():
    assert said("stop", asked(stop_price=Decimal(50_001))).verdict is Verdict.BLOCK
    assert said("stop", asked(stop_price=None)).verdict is Verdict.WARN
    assert said("stop", asked(stop_price=None), require_stop=True).verdict is Verdict.BLOCK
    # at 5 x a long is liquidated at 50,000 * 0.8 / 0.995 = 40,201.005...
    assert (
        said("stop", asked(leverage=Decimal(5), stop_price=Decimal("40201.01"))).verdict
        is Verdict.OK
    )
    assert (
        said("stop", asked(leverage=Decimal(5), stop_price=Decimal("40201.00"))).verdict
        is Verdict.BLOCK
    )
    short = asked(
        side=Side.SHORT, stop_price=Decimal(60_000), target_price=None, leverage=Decimal(5)
    )
    assert said("stop", short).verdict is Verdict.BLOCK  # 50,000 * 1.2 / 1.005 = 59,701.49


def test_a_target_pays_for_both_fees_and_slippage():
    # 0.1 % in, 0.1 % of 1.002 out, twice 0.05 % slippage: just over 0.3 %
    slips = account(slippage_percent=Decimal("0.05"))
    assert said("costs", asked(target_price=Decimal(50_150)), slips).verdict is Verdict.BLOCK
    assert said("costs", asked(target_price=Decimal(50_151)), slips).verdict is Verdict.WARN
    assert said("costs", asked(target_price=Decimal(51_000)), slips).verdict is Verdict.OK
    assert said("costs", asked(target_price=Decimal(49_000)), slips).verdict is Verdict.BLOCK


def test_a_symbol_rests_after_its_exit():
    measured = account(recent=(past(4),))
    assert said("cooldown", measured=measured, cooldown_minutes=5).measured == Decimal(1)
    assert said("cooldown", measured=measured, cooldown_minutes=4).verdict is Verdict.OK
    told = said("cooldown", measured=measured, cooldown_minutes=5).sentence
    assert told.startswith("binance:BTCUSDT was closed less than")  # a symbol keeps its spelling
    other = account(recent=(past(1, symbol="binance:ETHUSDT"),))
    assert said("cooldown", measured=other, cooldown_minutes=5).verdict is Verdict.OK


def test_stops_in_a_row_pause_everything_until_they_are_past():
    stops = tuple(past(60 * hours, "-1", stopped=True) for hours in (1, 5, 10, 20))
    found = said("stop_guard", measured=account(recent=stops))
    assert (found.verdict, found.measured) == (Verdict.BLOCK, Decimal(4 * 60))
    assert said("stop_guard", measured=account(recent=stops[:3])).verdict is Verdict.OK
    quick = account(recent=stops, bar_ms=MINUTE)
    assert said("stop_guard", measured=quick).verdict is Verdict.OK


def test_a_symbol_that_earned_too_little_rests():
    rules = {"low_profit_trades": 2, "low_profit_percent": "1"}
    poor = account(recent=(past(90, "5"), past(20, "0.4"), past(10, "0.5")))
    assert said("low_profit", measured=poor, **rules).measured == Decimal(50)
    rich = account(recent=(past(20, "0.6"), past(10, "0.5")))
    assert said("low_profit", measured=rich, **rules).verdict is Verdict.OK


def test_defect_05_the_safety_check_measures_and_is_the_same_each_time():
    first = check(REQUEST, ACCOUNT, SETTINGS)
    assert first == check(REQUEST, ACCOUNT, SETTINGS)
    risky = check(asked(quantity=Decimal("0.2")), account(atr_percent=Decimal(12)), SETTINGS)
    assert risky.recommendation is Recommendation.REJECT
    assert risky.found("volatility").measured == Decimal(12)


def test_defect_15_every_risk_control_changes_what_is_allowed():
    strict = {
        "max_drawdown": (account(equity_peak=Decimal(10_500)), {}, 400, "drawdown"),
        "max_position": (ACCOUNT, {}, 50, "position"),
        "min_confidence": (ACCOUNT, {"confidence": Decimal("0.9")}, "0.95", "confidence"),
        "max_risk_percent": (ACCOUNT, {}, "0.01", "trade_risk"),
        "max_spread_percent": (ACCOUNT, {}, "0.001", "spread"),
        "max_atr_percent": (ACCOUNT, {}, "0.1", "volatility"),
        "max_data_age_s": (account(now_ms=NOW + 2_000), {}, 1, "data_age"),
        "require_stop": (ACCOUNT, {"stop_price": None}, True, "stop"),
    }
    for name, (measured, changes, value, code) in strict.items():
        request = asked(**changes)
        assert said(code, request, measured).verdict is not Verdict.BLOCK, name
        assert said(code, request, measured, **{name: value}).verdict is Verdict.BLOCK, name


ORDER = (Verdict.OK, Verdict.WARN, Verdict.BLOCK)


@settings(max_examples=40)
@given(
    small=st.integers(10, 10_000_000),
    more=st.integers(1, 10_000_000),
    leverage=st.integers(1, 30),
)
def test_a_larger_trade_is_never_judged_more_kindly(small, more, leverage):
    quote = account(quote=QUOTE)
    reports = [
        check(asked(quantity=steps * BTC.step, leverage=Decimal(leverage)), quote, SETTINGS)
        for steps in (small, small + more)
    ]
    for one, two in zip(reports[0].findings, reports[1].findings, strict=True):
        if one.code != "grid":
            assert ORDER.index(one.verdict) <= ORDER.index(two.verdict)
