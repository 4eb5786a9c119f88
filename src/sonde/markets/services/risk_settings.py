"""Risk settings of accounts: every change is a version that can be looked at again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sonde.markets.core.risk.settings import RiskSettings, read_settings
from sonde.markets.persistence import risk_settings as rows
from sonde.markets.services import accounts
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict
from sonde.platform.services import audit


@dataclass(frozen=True)
class SettingsVersion:
    """The settings of an account, with who made them and when."""

    version: int
    settings: RiskSettings
    made_by: str
    made_at: datetime


def current(actor: Actor, account_id: str) -> SettingsVersion:
    """Return the settings that hold now; raises NotFound."""
    accounts.row_to_see(actor, account_id)
    return _view(_newest(account_id))


def change(
    actor: Actor, account_id: str, changes: Mapping[str, Any], expected_version: int | None = None
) -> SettingsVersion:
    """Change some fields; what is not named stays.

    Raises NotFound, Forbidden, Invalid with the range of a bad value, Conflict if the settings are
    not at `expected_version` any more. An entry in the audit log tells what changed.
    """
    accounts.locked(actor, account_id)
    newest = _newest(account_id)
    if expected_version is not None and expected_version != newest.version:
        raise Conflict(
            "The risk settings have changed in the meantime; look at them and save again.",
            version=newest.version,
        )
    before = read_settings(newest.document)
    after = before.changed(changes)
    if after != before:
        rows.add(account_id, newest.version + 1, after.document(), actor.user_id)
        audit.record(
            actor.user_id, "market_risk_settings.change", account_id, **_difference(before, after)
        )
    return _view(_newest(account_id))


def history(actor: Actor, account_id: str) -> Sequence[SettingsVersion]:
    """Return the latest 50 versions, the newest first; raises NotFound."""
    accounts.row_to_see(actor, account_id)
    return [_view(row) for row in rows.history(account_id)]


def _difference(before: RiskSettings, after: RiskSettings) -> dict[str, Any]:
    old, new = before.document(), after.document()
    return {name: [old[name], new[name]] for name in new if old[name] != new[name]}


def _newest(account_id: str) -> rows.RiskSettingsRow:
    row = rows.newest(account_id)
    if row is None:
        raise RuntimeError(f"account {account_id} was opened without risk settings")
    return row


def _view(row: rows.RiskSettingsRow) -> SettingsVersion:
    return SettingsVersion(row.version, read_settings(row.document), row.made_by, row.made_at)
