"""What clients say is understood, or refused in words."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.streaming.requests import (
    StreamTopic,
    read_request,
    read_symbol,
    read_topic,
)
from sonde.platform.core.errors import Invalid


@pytest.mark.parametrize(
    "text", ["", "prices:x", "price:", "trade:x", "candle:x", "candle:x:7m", "price:a b", "[]"]
)
def test_a_topic_that_is_none_is_refused(text):
    with pytest.raises(Invalid):
        read_topic(text)


@pytest.mark.parametrize("name", ["price:binance:BTCUSDT", "candle:AB:1h", "job", "risk"])
def test_a_topic_keeps_its_name(name):
    assert read_topic(name).name == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        "1",
        '{"subscribe": "price:x"}',
        '{"subscribe": [{}]}',
        '{"after": -1}',
        '{"after": true}',
        '{"other": 1}',
        '{"subscribe": ' + "[" * 5000,
        '{"subscribe": ["' + "x" * 20_000 + '"]}',
    ],
)
def test_a_request_without_form_is_refused(text):
    with pytest.raises(Invalid):
        read_request(text)


def test_a_request_is_read():
    found = read_request('{"subscribe": ["trade"], "unsubscribe": ["job"], "account_id": "A"}')
    assert found.subscribe == (StreamTopic("trade"),)
    assert found.unsubscribe == (StreamTopic("job"),)
    assert (found.account_id, found.after) == ("A", None)


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text):
    for read in (read_request, read_symbol):
        with suppress(Invalid):
            read(text)


def test_defect_09_symbols_are_switched_by_text_or_document():
    assert read_symbol(" ethusdt ") == "ethusdt"
    assert read_symbol('{"symbol":"ETHUSDT"}') == "ETHUSDT"
    with pytest.raises(Invalid):
        read_symbol('{"symbol": ["ETHUSDT"]}')
