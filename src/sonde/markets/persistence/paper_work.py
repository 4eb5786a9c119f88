"""Which accounts have to be taken along: asked in two queries, however many accounts there are."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select

from sonde.markets.persistence.accounts import AccountRow
from sonde.markets.persistence.automations import RUNNING, AutomationRow
from sonde.markets.persistence.replays import ReplayRow
from sonde.markets.persistence.watches import WatchRow
from sonde.platform.persistence.database import session

_LAST_LOOK_MS = 600_000


def replayed_accounts(now_ms: int) -> Sequence[tuple[str, str]]:
    """Return owner and account of whoever has a replay that plays and waits for its prices.

    An account waits where something is open in it, or a strategy runs in it. A replay is looked at
    for ten minutes after its end.
    """
    waits = select(WatchRow.account_id).where(WatchRow.account_id == AccountRow.id)
    runs = select(AutomationRow.id).where(
        AutomationRow.account_id == AccountRow.id,
        AutomationRow.state == RUNNING,
        AutomationRow.replay_id != "",
    )
    plays = select(ReplayRow.id).where(
        ReplayRow.owner_id == AccountRow.owner_id,
        ReplayRow.is_playing,
        ReplayRow.wall_ms + (ReplayRow.end_ms - ReplayRow.position_ms) / ReplayRow.speed
        > now_ms - _LAST_LOOK_MS,
    )
    query = select(AccountRow.owner_id, AccountRow.id).where(
        AccountRow.archived_at.is_(None), plays.exists(), or_(waits.exists(), runs.exists())
    )
    return [(row[0], row[1]) for row in session().execute(query.order_by(AccountRow.id))]


def live_automations() -> Sequence[tuple[str, str]]:
    """Return owner and id of every strategy that runs at live prices."""
    query = select(AutomationRow.owner_id, AutomationRow.id).where(
        AutomationRow.state == RUNNING, AutomationRow.replay_id == ""
    )
    return [(row[0], row[1]) for row in session().execute(query.order_by(AutomationRow.id))]


def people_waiting(symbol: str) -> Sequence[tuple[str, str]]:
    """Return owner and workspace of whoever waits for live prices of a symbol.

    They have something open or waiting in it, or a strategy that runs in it; accounts that a
    strategy takes through a replay are left out.
    """
    waits = select(WatchRow.account_id).where(
        WatchRow.account_id == AccountRow.id, WatchRow.symbol == symbol
    )
    runs = select(AutomationRow.id).where(
        AutomationRow.account_id == AccountRow.id, AutomationRow.state == RUNNING
    )
    replayed = runs.where(AutomationRow.replay_id != "")
    lives = runs.where(AutomationRow.replay_id == "", AutomationRow.symbol == symbol)
    query = select(AccountRow.owner_id, AccountRow.workspace_id).where(
        AccountRow.archived_at.is_(None),
        or_(lives.exists(), and_(waits.exists(), ~replayed.exists())),
    )
    found = session().execute(query.distinct().order_by(AccountRow.owner_id))
    return [(row[0], row[1]) for row in found]


def account_of(account_id: str) -> AccountRow:
    """Return the row of an account."""
    return session().scalars(select(AccountRow).where(AccountRow.id == account_id)).one()
