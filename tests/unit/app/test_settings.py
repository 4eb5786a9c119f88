"""Settings: named right, refused clearly, listed completely."""

import re
from pathlib import Path

import pytest

from sonde.app.settings import (
    CONNECTIONS_FILE,
    Settings,
    environment_name,
    load_settings,
    read_settings,
)
from sonde.platform.core.errors import Invalid

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch, tmp_path):
    for name in Settings.model_fields:
        monkeypatch.delenv(environment_name(name), raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_example_lists_every_setting_with_its_default():
    listed = dict(
        re.findall(r"^# ([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    )
    expected = {
        environment_name(name): str(field.default).replace("True", "true")
        for name, field in Settings.model_fields.items()
    }
    assert listed == expected


def test_the_configuration_page_names_every_setting():
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert [name for name in map(environment_name, Settings.model_fields) if name not in text] == []


def test_other_programs_variables_are_left_alone(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", "/somewhere")
    monkeypatch.setenv("PORT", "1")
    assert read_settings().home == tmp_path / ".sonde"
    assert read_settings().port == 8050


def test_the_environment_wins_over_the_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("SONDE_PORT=9001\nSONDE_HOST=::1\n")
    assert read_settings().port == 9001
    monkeypatch.setenv("SONDE_PORT", "9002")
    assert (read_settings().port, read_settings().host) == (9002, "::1")


def test_nonsense_is_refused_by_its_name(monkeypatch):
    monkeypatch.setenv("SONDE_PORT", "many")
    with pytest.raises(Invalid, match="SONDE_PORT"):
        read_settings()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_name_postgresql_is_understood(scheme):
    assert (
        read_settings(database_url=f"{scheme}://me@there/sonde").database_url
        == "postgresql+psycopg://me@there/sonde"
    )


def test_commands_find_the_running_product_but_what_is_set_wins(monkeypatch, tmp_path):
    file = tmp_path / CONNECTIONS_FILE
    file.parent.mkdir()
    file.write_text('{"broker_url": "redis://running/0", "cache_url": "redis://running/1"}')
    monkeypatch.setenv("CACHE_URL", "redis://mine/1")
    settings = load_settings(home=tmp_path)
    assert settings.broker_url == "redis://running/0"
    assert settings.cache_url == "redis://mine/1"
