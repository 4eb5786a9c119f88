"""Settings of risk are checked, kept whole, and read in every version so far."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.risk.settings import SETTINGS, RiskSettings, read_settings
from sonde.platform.core.errors import Invalid


def test_the_defaults_are_the_seeds():
    settings = RiskSettings()
    assert settings.max_drawdown == 1000
    assert settings.stop_loss_percent == 1
    assert settings.position_size == 100


def test_the_seeds_document_is_read_as_version_1():
    read = read_settings({"max_drawdown": 500, "stoploss": "2.5", "position_size": 50})
    wanted = {"max_drawdown": 500, "stop_loss_percent": "2.5", "position_size": 50}
    assert read == RiskSettings().changed(wanted)


def test_a_document_comes_back_as_it_was():
    settings = RiskSettings(max_position=Decimal("123.456"), max_leverage=None, require_stop=True)
    assert read_settings(json.loads(json.dumps(settings.document()))) == settings


def test_a_field_that_an_older_document_lacks_gets_its_default():
    document = RiskSettings().document()
    del document["max_spread_percent"]
    assert read_settings(document) == RiskSettings()


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda one: one.name)
def test_a_value_out_of_range_is_refused_with_the_range(setting):
    for value in (setting.high + 1, setting.low - 1, "much", float("nan"), True, [1]):
        with pytest.raises(Invalid) as refused:
            RiskSettings().changed({setting.name: value})
        assert refused.value.details["field"] == setting.name
        assert f"{setting.low:f}" in refused.value.message
        assert f"{setting.high:f}" in refused.value.message


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda one: one.name)
def test_none_turns_a_limit_off_where_that_is_allowed(setting):
    if setting.optional:
        assert getattr(RiskSettings().changed({setting.name: None}), setting.name) is None
    else:
        with pytest.raises(Invalid):
            RiskSettings().changed({setting.name: None})


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"max_drawdwn": 5}, "max_drawdwn"),
        ({"version": 3}, "newer"),
        ({"version": 2, "max_open_trades": "2.5"}, "whole number"),
        ({"version": 2, "require_stop": "yes"}, "true or false"),
    ],
)
def test_what_is_not_understood_is_refused_in_words(document, words):
    with pytest.raises(Invalid, match=words):
        read_settings(document)


@given(st.decimals("0.01", "1e9", places=8))
def test_numbers_are_kept_exactly(size):
    settings = RiskSettings(position_size=size)
    assert read_settings(json.loads(json.dumps(settings.document()))).position_size == size
