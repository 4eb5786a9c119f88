"""Logs hold no secrets and no lines that strangers wrote."""

from sonde.platform.services.logs import clean, mask


def test_secrets_are_masked_by_name_and_in_urls():
    event = mask(
        None,
        "info",
        {"event": "up", "password": "x", "url": "redis://:abc@host/0", "Authorization": "Bearer"},
    )
    assert event == {
        "event": "up",
        "password": "***",
        "url": "redis://:***@host/0",
        "Authorization": "***",
    }


def test_nobody_writes_a_second_line():
    assert clean("a\r\nINFO admin signed in\x1b[2J") == "a\\r\\nINFO admin signed in\\x1b[2J"
    assert "\n" not in mask(None, "info", {"event": "x\ny"})["event"]
