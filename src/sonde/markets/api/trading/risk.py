"""Risk over REST: settings, the safety check, locks and the kill switch."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from sonde.markets.api.exact import moment, moment_or_none
from sonde.markets.api.trading.asking import AccountId, account_of
from sonde.markets.api.trading.tickets import SafetyBody, TicketBody, safety_body
from sonde.markets.core.risk.kill_switch import KillSwitch, Stage
from sonde.markets.core.risk.locks import Lock
from sonde.markets.core.risk.settings import SETTINGS
from sonde.markets.core.sides import side_named
from sonde.markets.services import (
    accounts,
    kill_switch,
    locks,
    market_views,
    price_store,
    risk_settings,
    safety,
)
from sonde.markets.services.risk_settings import SettingsVersion
from sonde.platform.api.routing import Acting, from_memory, router

ROUTER = router("/markets", tag="Markets: trading")
_SEED = {"stoploss": "stop_loss_percent"}

LockSymbol = Annotated[
    str, Query(min_length=1, max_length=60, description="Whose clock says what still holds.")
]


class RangeBody(BaseModel):
    """What may stand in one field."""

    name: str
    title: str
    unit: str
    low: float
    high: float
    optional: bool


class RiskSettingsBody(BaseModel):
    """The risk settings that hold, with their ranges; null turns a rule off."""

    account_id: str
    version: int
    changed_at: datetime
    max_drawdown: str | None
    stoploss: str | None
    position_size: str
    settings: dict[str, Any]
    ranges: list[RangeBody]


class LockBody(BaseModel):
    """Entries that are not allowed for a while."""

    id: str
    symbol: str
    side: str | None
    until: datetime | None
    reason: str
    made_by: str
    made_at: datetime


class NewLockBody(BaseModel):
    """A lock that somebody wants; without a symbol, of every one."""

    model_config = ConfigDict(extra="forbid")

    symbol: str = Field("", max_length=60)
    direction: str = Field("", max_length=10, description="LONG, SHORT, or empty for both.")
    minutes: int | None = Field(None, ge=1, le=525_600)
    reason: str = Field(max_length=300)
    account_id: str = Field("", max_length=40)


class KillSwitchBody(BaseModel):
    """How far the kill switch is pressed."""

    stage: str
    reason: str
    pressed_at: datetime | None


class KillSwitchPress(BaseModel):
    """How far to press the switch, or `off` to release it."""

    model_config = ConfigDict(extra="forbid")

    stage: Literal["off", "stop_entries", "close_all"]
    reason: str = Field("", max_length=300)
    account_id: str = Field("", max_length=40)


@ROUTER.get("/risk_settings")
@from_memory
def get_risk_settings(actor: Acting, account_id: AccountId = "") -> RiskSettingsBody:
    """Return the risk settings of an account."""
    wanted = account_of(actor, account_id)
    return _settings(wanted, risk_settings.current(actor, wanted))


@ROUTER.post("/risk_settings")
def change_risk_settings(
    actor: Acting,
    changes: dict[str, Decimal | bool | None],
    account_id: AccountId = "",
    version: int | None = None,
) -> RiskSettingsBody:
    """Change some settings; what is not named stays, and what is out of range is refused."""
    wanted = account_of(actor, account_id)
    told = {_SEED.get(name, name): value for name, value in changes.items()}
    return _settings(wanted, risk_settings.change(actor, wanted, told, version))


@ROUTER.post("/safety/check")
@from_memory
def check_safety(actor: Acting, body: TicketBody) -> SafetyBody:
    """Ask every rule about a trade, as is done again before it is opened."""
    account_id = account_of(actor, body.account_id)
    found = safety.check(actor, account_id, body.wish(), market_views.tradable(actor, body.symbol))
    return safety_body(found, accounts.get(actor, account_id).currency)


@ROUTER.get("/locks")
@from_memory
def list_locks(
    actor: Acting, symbol: LockSymbol = "BTCUSDT", account_id: AccountId = ""
) -> list[LockBody]:
    """List the locks that hold, pauses of rules among them."""
    market = market_views.tradable(actor, symbol)
    found = safety.active_locks(actor, account_of(actor, account_id), market)
    return [_lock(one) for one in found]


@ROUTER.post("/locks", status_code=201)
def create_lock(actor: Acting, body: NewLockBody) -> LockBody:
    """Lock entries of a symbol, or of all."""
    account_id = account_of(actor, body.account_id)
    market = market_views.tradable(actor, body.symbol) if body.symbol else None
    now_ms = price_store.now_ms() if market is None else market.now_ms
    wanted = locks.NewLock(
        "" if market is None else market.instrument.key,
        side_named(body.direction) if body.direction else None,
        None if body.minutes is None else now_ms + body.minutes * 60_000,
        body.reason,
    )
    return _lock(locks.add(actor, account_id, wanted, now_ms))


@ROUTER.delete("/locks/{lock_id:path}", status_code=204)
def remove_lock(actor: Acting, lock_id: str, account_id: AccountId = "") -> Response:
    """Remove a lock, or end a pause that a rule asks for."""
    locks.remove(actor, account_of(actor, account_id), lock_id, price_store.now_ms())
    return Response(status_code=204)


@ROUTER.get("/kill_switch")
def get_kill_switch(actor: Acting, account_id: AccountId = "") -> KillSwitchBody:
    """Return how far the kill switch is pressed."""
    return _switch(kill_switch.state(actor, account_of(actor, account_id)))


@ROUTER.post("/kill_switch")
def press_kill_switch(actor: Acting, body: KillSwitchPress) -> KillSwitchBody:
    """Stop entries, close everything, or release the switch."""
    account_id = account_of(actor, body.account_id)
    if body.stage == "off":
        return _switch(kill_switch.release(actor, account_id))
    now_ms = price_store.now_ms()
    return _switch(kill_switch.press(actor, account_id, Stage(body.stage), body.reason, now_ms))


def _settings(account_id: str, found: SettingsVersion) -> RiskSettingsBody:
    document = found.settings.document()
    return RiskSettingsBody(
        account_id=account_id,
        version=found.version,
        changed_at=found.made_at,
        max_drawdown=document["max_drawdown"],
        stoploss=document["stop_loss_percent"],
        position_size=document["position_size"],
        settings={name: value for name, value in document.items() if name != "version"},
        ranges=[
            RangeBody(
                name=one.name,
                title=one.title,
                unit=one.unit,
                low=float(one.low),
                high=float(one.high),
                optional=one.optional,
            )
            for one in SETTINGS
        ],
    )


def _lock(one: Lock) -> LockBody:
    return LockBody(
        id=one.id,
        symbol=one.symbol,
        side=None if one.side is None else one.side.value.upper(),
        until=moment_or_none(one.until_ms),
        reason=one.reason,
        made_by=one.made_by,
        made_at=moment(one.made_at_ms),
    )


def _switch(found: KillSwitch) -> KillSwitchBody:
    pressed_ms = found.pressed_at_ms or None
    return KillSwitchBody(
        stage=found.stage, reason=found.reason, pressed_at=moment_or_none(pressed_ms)
    )
