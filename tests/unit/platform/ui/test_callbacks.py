"""The wrapper around every callback: thread, unit of work, time limit."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import anyio
import pytest
from dash import Dash, Input, Output
from fastapi import FastAPI

from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid, NotFound, SignedOut, Unavailable, Unreadable
from sonde.platform.core.parts import Parts
from sonde.platform.core.ports import Ports
from sonde.platform.persistence.memory import MemoryCache, MemoryFiles, MemoryHints, MemoryQueue
from sonde.platform.services.request import REQUEST, RequestScope
from sonde.platform.services.work import ports as current_ports
from sonde.platform.ui import callbacks
from sonde.platform.ui.callbacks import browser_callback, register, server_callback
from sonde.platform.ui.errors import said_in_place
from sonde.platform.ui.uploads import uploaded

ADA = Actor("u1", "Ada", Role.ANALYST, "w1", frozenset({"w1"}))


@dataclass
class Transactions:
    """Counts what was committed and what was rolled back."""

    ended: list[str] = field(default_factory=list)

    @contextmanager
    def transaction(self, reads=None) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.ended.append("rolled back")
            raise
        self.ended.append("committed")

    def check(self) -> None:
        """Always there."""


@pytest.fixture
def outside() -> Ports:
    return Ports(
        database=Transactions(),
        files=MemoryFiles(),
        cache=MemoryCache(),
        queue=MemoryQueue(),
        hints=MemoryHints(),
        parts=Parts(()),
    )


def answer(outside: Ports, function: Any, *inputs: Any, actor: Actor | None = ADA) -> Any:
    """Answer one callback as the web server would."""

    async def ask() -> Any:
        REQUEST.set(RequestScope("r1", outside, actor))
        return await callbacks._wrapped(function)(*inputs)

    return anyio.run(ask)


def test_callback_gets_the_actor_a_thread_and_a_unit_of_work(outside: Ports) -> None:
    def where(actor: Actor, word: str) -> Any:
        return actor.name, word, current_ports() is outside, threading.current_thread().name

    name, word, has_ports, thread = answer(outside, where, "hello")
    assert (name, word, has_ports) == ("Ada", "hello", True)
    assert thread != threading.main_thread().name
    assert outside.database.ended == ["committed"]


def test_failed_callback_rolls_back(outside: Ports) -> None:
    def fail(actor: Actor) -> None:
        raise NotFound

    with pytest.raises(NotFound):
        answer(outside, fail)
    assert outside.database.ended == ["rolled back"]


def test_nobody_is_not_answered(outside: Ports) -> None:
    with pytest.raises(SignedOut):
        answer(outside, lambda actor: actor, actor=None)


def test_callback_that_takes_too_long_is_given_up_and_changes_nothing(
    outside: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "LIMIT_S", 0.05)

    def sleep(actor: Actor) -> str:
        time.sleep(0.2)
        return "late"

    with pytest.raises(Unavailable, match="longer than"):
        answer(outside, sleep)
    end = time.monotonic() + 5
    while not outside.database.ended and time.monotonic() < end:
        time.sleep(0.01)
    assert outside.database.ended == ["rolled back"]


def test_module_registers_what_it_marks_and_lists() -> None:
    module = ModuleType("toys.ui.callbacks")

    @server_callback(Output("toys-a", "children"), Input("toys-b", "n_clicks"))
    def count(actor: Actor, clicks: int) -> str:
        return str(clicks)

    count.__module__ = module.__name__
    module.count = count  # type: ignore[attr-defined]
    module.IN_BROWSER = (  # type: ignore[attr-defined]
        browser_callback("toys.open", Output("toys-c", "opened"), Input("toys-b", "n_clicks")),
    )
    app = Dash("toys", server=FastAPI())
    register(app, module)
    outputs = [one["output"] for one in app._callback_list]
    assert outputs == ["toys-a.children", "toys-c.opened"]
    assert app._callback_list[1]["clientside_function"] == {
        "namespace": "toys",
        "function_name": "open",
    }


def test_what_fails_is_said_where_its_result_would_stand():
    say = said_in_place("The report could not be made.")
    assert say(Invalid("A strategy has not traded yet.")).children == (
        "A strategy has not traded yet."
    )


def test_an_upload_that_did_not_arrive_whole_is_refused():
    assert uploaded("data:text/csv;base64,YSxi") == b"a,b"
    for broken in ("data:text/csv;base64,YSx", "data:text/csv;base64,YS*i"):
        with pytest.raises(Unreadable, match="did not arrive whole"):
            uploaded(broken)
