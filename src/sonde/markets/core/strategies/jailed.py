"""The child's side of a strategy that somebody wrote: find the class, ask it, tell what broke.

It runs behind the walls of ``platform/core/jail_child``: no file can be opened any more, so all
that a strategy may import is imported here.
"""

import ast
import builtins
import contextlib
import io
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, BinaryIO, Final

import numpy as np
import talib
from numpy.typing import NDArray

from sonde.markets.core.candles import Candles
from sonde.markets.core.indicators import catalogue, features
from sonde.markets.core.parameters import Parameter
from sonde.markets.core.strategies import crosses
from sonde.markets.core.strategies.decisions import Decisions
from sonde.markets.core.strategies.packing import packed_decisions, unpacked_question
from sonde.platform.core.errors import Invalid

FILE_NAME: Final = "<strategy>"
Answer = tuple[Mapping[str, Any], list[NDArray[Any]]]

# Everything that is imported above and of use to a strategy; named so that the modules are kept.
_AT_HAND: Final = (math, np, talib, catalogue, features, crosses)
_MAY_IMPORT: Final = (
    "collections",
    "dataclasses",
    "math",
    "numpy",
    "typing",
    "sonde.markets.core.candles",
    "sonde.markets.core.indicators",
    "sonde.markets.core.parameters",
    "sonde.markets.core.strategies.crosses",
    "sonde.markets.core.strategies.decisions",
    "sonde.platform.core.errors",
)
# What the code of a strategy can raise; the last resort is the parent, who sees the child end.
_FAILURES: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    NameError,
    OSError,
    RuntimeError,
    StopIteration,
    SyntaxError,
    TypeError,
    ValueError,
)


def answer(stream: BinaryIO, arguments: Mapping[str, Any], answer_bytes: int) -> Answer:
    """Ask the strategy in `stream` one question.

    Parameters
    ----------
    stream : binary file
        A packed question: ``source``, ``question``, ``settings``, and candles for ``decide``.
    arguments, answer_bytes
        Of the jail; not used.

    Returns
    -------
    tuple of mapping and list of ndarray

    Raises
    ------
    Invalid
        With the line of the strategy that failed, if one did.
    """
    del arguments, answer_bytes
    question, candles = unpacked_question(stream)
    try:
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            return _asked(_strategy_in(question["source"]), question, candles)
    except _FAILURES as error:
        raise Invalid(_what_failed(error), field="source") from None


def _asked(strategy: Any, question: Mapping[str, Any], candles: Candles | None) -> Answer:
    settings = question.get("settings", {})
    if question["question"] == "describe":
        return _description(strategy), []
    if question["question"] == "check":
        if hasattr(strategy, "check"):
            strategy.check(settings)
        return {}, []
    if question["question"] == "warm_up":
        if hasattr(strategy, "check"):
            strategy.check(settings)
        rows = strategy.warm_up(settings)
        if not isinstance(rows, int) or not 0 <= rows <= 1_000_000:
            raise Invalid(f"warm_up must return a whole number of bars, not {rows!r:.80}.")
        return {"rows": rows}, []
    decisions = strategy.decide(candles, settings)
    if not isinstance(decisions, Decisions):
        kind = type(decisions).__name__
        raise Invalid(f"decide must return Decisions, not {kind}.", field="source")
    return packed_decisions(decisions)


def _strategy_in(source: str) -> Any:
    """Run the source and return its one strategy."""
    tree = ast.parse(source, FILE_NAME)
    for node in ast.walk(tree):
        _check_import(node)
    names = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    space: dict[str, Any] = {"__name__": "strategy", "__builtins__": vars(builtins)}
    exec(compile(tree, FILE_NAME, "exec"), space)  # noqa: S102  # that is what the jail is for
    found = [space[name] for name in names if hasattr(space[name], "decide")]
    if len(found) != 1:
        raise Invalid(
            "The source must hold exactly one class with a method decide(candles, settings); "
            f"it holds {len(found)}.",
            field="source",
        )
    return found[0]()


def _check_import(node: ast.AST) -> None:
    """Say early which import would fail behind the walls."""
    names = []
    if isinstance(node, ast.Import):
        names = [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom):
        names = [node.module or "."]
    for name in names:
        if not any(name == each or name.startswith(f"{each}.") for each in _MAY_IMPORT):
            raise Invalid(
                f"Line {getattr(node, 'lineno', 0)}: a strategy cannot import {name!r:.80}; it can "
                f"import from: {', '.join(_MAY_IMPORT)}.",
                field="source",
            )


def _description(strategy: Any) -> Mapping[str, Any]:
    parameters = tuple(getattr(strategy, "parameters", ()))
    if not all(isinstance(each, Parameter) for each in parameters):
        raise Invalid("parameters must be a tuple of Parameter.", field="source")
    missing = [
        name
        for name in ("name", "title", "words")
        if not isinstance(getattr(strategy, name, None), str)
    ]
    missing += [name for name in ("warm_up",) if not callable(getattr(strategy, name, None))]
    if missing:
        raise Invalid(f"The class lacks: {', '.join(missing)}.", field="source")
    return {
        "name": strategy.name,
        "title": strategy.title,
        "words": strategy.words,
        "parameters": [asdict(each) for each in parameters],
    }


def _what_failed(error: BaseException) -> str:
    line = error.lineno if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE_NAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    place = f"Line {line} of the strategy" if line else "The strategy"
    text = " ".join(str(error).split())[:200]
    return f"{place} failed: {type(error).__name__}{': ' if text else ''}{text}."
