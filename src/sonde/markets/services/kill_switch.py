"""The kill switch of an account: stop entries at once, or close everything too."""

from sonde.markets.core.risk.kill_switch import KillSwitch, Stage, pressed, released
from sonde.markets.services import accounts, trading
from sonde.platform.core.actor import Actor
from sonde.platform.services import audit


def state(actor: Actor, account_id: str) -> KillSwitch:
    """Return the switch; raises NotFound."""
    return accounts.row_to_see(actor, account_id).kill_switch


def press(actor: Actor, account_id: str, stage: Stage, reason: str, now_ms: int) -> KillSwitch:
    """Press the switch; at its last step open orders are cancelled and trades closed at market.

    Raises NotFound, Forbidden, Conflict if it is pressed as far already.
    """
    row = accounts.locked(actor, account_id)
    wanted = KillSwitch(stage, reason.strip()[:300], actor.user_id, now_ms)
    row.set_kill_switch(pressed(row.kill_switch, wanted))
    audit.record(actor.user_id, "market_kill_switch.press", account_id, stage=stage.value)
    if wanted.closes_everything:
        trading.end_everything(actor, account_id, "kill switch", now_ms)
    return wanted


def release(actor: Actor, account_id: str) -> KillSwitch:
    """Release the switch; raises NotFound, Forbidden, Conflict if it is not pressed."""
    row = accounts.locked(actor, account_id)
    row.set_kill_switch(released(row.kill_switch))
    audit.record(actor.user_id, "market_kill_switch.release", account_id)
    return row.kill_switch
