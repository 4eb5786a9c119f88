"""The versions of an account's risk settings: when each was made, and what it changed."""

from collections.abc import Sequence
from typing import Any, Final

from dash import html

from sonde.markets.core.risk.settings import SETTINGS
from sonde.markets.services.risk_settings import SettingsVersion
from sonde.markets.ui.desk.ids import GuardId
from sonde.markets.ui.desk.words import listed

MOST: Final = 10
_TITLES: Final = {one.name: one.title for one in SETTINGS}


def versions_box() -> Any:
    """Return what shows the versions when it is opened."""
    return html.Details(
        [
            html.Summary("History", id=GuardId.PAST_OPEN, className="sonde-dim"),
            html.Div(id=GuardId.PAST, className="sonde-small"),
        ]
    )


def version_list(versions: Sequence[SettingsVersion]) -> Any:
    """Return the newest versions, the newest first, each with what it changed."""
    lines = [
        html.Div([html.Div(_head(one), className="sonde-strong"), html.Div(_changed(one, before))])
        for one, before in zip(versions, [*versions[1:], None], strict=False)
    ]
    return listed(lines[:MOST])


def _head(one: SettingsVersion) -> str:
    return f"Version {one.version}, {one.made_at:%Y-%m-%d %H:%M} UTC"


def _changed(one: SettingsVersion, before: SettingsVersion | None) -> str:
    if before is None:
        return "As the account began." if one.version == 1 else "What came before is not listed."
    new, old = one.settings.document(), before.settings.document()
    changes = [
        f"{_TITLES.get(name, name.replace('_', ' '))}: {_told(old[name])} to {_told(new[name])}"
        for name in new
        if new[name] != old[name]
    ]
    return "; ".join(changes) or "Nothing was changed."


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "off" if value is None else str(value)
