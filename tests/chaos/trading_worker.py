"""Trades at random in one account, in child processes that are killed without warning.

One JSON document on the command line: ``database_url``, ``broker_url``, ``account_id``,
``user_id``, ``acknowledged`` (a file to which a child adds the number of each command that was
committed), ``commands``, ``kills`` and ``seed``. Every child begins a few commands before the last
that was acknowledged, as a client would that does not know whether its click arrived.
"""

import json
import os
import random
import signal
import sys
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from sonde.markets.core.sides import Side
from sonde.markets.core.wishes import Level
from sonde.markets.services import desks, trade_history, trade_prices, trading
from sonde.platform.core.errors import Conflict
from sonde.platform.services import accounts as people
from sonde.platform.services import idempotency
from sonde.platform.services.work import unit_of_work
from tests.chaos.toy_worker import make_ports
from tests.integration.markets.trading_data import AT_ONCE, BTC, WISH, market, quote

SENT_AGAIN = 3
desks._LONG = 60  # so that some are killed around a snapshot


def price_at(number):
    """A price that wanders; the same for a command however often it is sent."""
    return 50_000 + random.Random(number).randint(-900, 900)


def command(actor, account_id, number):
    """Do command `number`; what it does is drawn from the number alone."""
    dice, now, price = random.Random(number), number * 2, price_at(number)
    seen = market(price, now)
    kind = dice.choice(("open", "open", "limit", "close", "part", "cancel", "modify"))
    if kind in ("open", "limit"):
        below = Decimal(price - 200) if kind == "limit" else None
        wish = replace(WISH, side=Side.LONG, tag=f"n{number}", entry_price=below)
        trading.open_trade(actor, account_id, wish, seen, conditions=AT_ONCE)
        return
    wanted = {"cancel": "pending"}.get(kind, "open")
    found = trade_history.newest(actor, account_id, state=wanted)
    if not found:
        return
    trade_id = dice.choice(found).id
    if kind == "cancel":
        trading.cancel(actor, account_id, trade_id, seen.now_ms)
    elif kind == "modify":
        changes = trading.Changes(stop=Level(Decimal(2)))
        trading.modify(actor, account_id, trade_id, changes, seen)
    else:
        part = Decimal("0.5") if kind == "part" else None
        trading.close(actor, account_id, trade_id, seen, part)


def once(actor, account_id, number):
    """Send one command under its key; a refusal is an answer too, and changes nothing."""

    def do():
        command(actor, account_id, number)
        return 200, {"number": number}

    return idempotency.once(actor, f"command-{number}", str(number).encode(), do)


def trade(ports, asked, first):
    """Send commands until all are acknowledged, with a price after each."""
    account_id = asked["account_id"]
    with unit_of_work(ports):
        actor = people.actor_for(asked["user_id"])
    with Path(asked["acknowledged"]).open("a") as told:
        for number in range(first, asked["commands"]):
            try:
                with unit_of_work(ports):
                    once(actor, account_id, number)
                answer = "done"
            except Conflict:
                answer = "refused"
            told.write(f"{number} {answer}\n")
            told.flush()
            with unit_of_work(ports):
                seen = quote(price_at(number + 1), number * 2 + 1)
                trade_prices.take_quote(account_id, BTC.key, seen)


def next_number(path):
    """Return the command to go on with, some of the last ones again."""
    lines = Path(path).read_text().splitlines() if Path(path).exists() else []
    numbers = [int(line.split()[0]) for line in lines if line.count(" ") == 1]
    return max(0, max(numbers, default=-1) + 1 - SENT_AGAIN)


def child(asked):
    """Start a process that trades; return its id."""
    pid = os.fork()
    if pid:
        return pid
    ports = make_ports(asked["database_url"], asked["broker_url"])
    trade(ports, asked, next_number(asked["acknowledged"]))
    os._exit(0)


def wait_for(asked, number):
    """Wait until a command is acknowledged, so that kills are spread over all of them."""
    while next_number(asked["acknowledged"]) + SENT_AGAIN <= number:
        time.sleep(0.01)


def main():
    asked = json.loads(sys.argv[1])
    dice = random.Random(asked["seed"])
    for kill in range(asked["kills"]):
        pid = child(asked)
        wait_for(asked, kill * asked["commands"] // asked["kills"])
        time.sleep(dice.uniform(0.0, 0.3))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    _, status = os.waitpid(child(asked), 0)
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
