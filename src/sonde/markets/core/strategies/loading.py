"""Strategies that an administrator wrote: a small Python class, run in a child behind walls.

The walls (``platform/core/jail``) keep the class from files, network, programs and from using up
the machine. They do not make it right: whether it looks ahead is for the look-ahead analysis to
say.
"""

import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from sonde.markets.core.candles import Candles
from sonde.markets.core.parameters import Parameter, Settings
from sonde.markets.core.strategies.catalogue import STRATEGIES
from sonde.markets.core.strategies.decisions import Decisions
from sonde.markets.core.strategies.packing import packed_question, unpacked_decisions
from sonde.platform.core.errors import Invalid, TooLarge, Unreadable
from sonde.platform.core.jail import JailAnswer, JailLimits, start_jailed

SOURCE_BYTES: Final = 64 * 1024
LIMITS: Final = JailLimits(
    file_bytes=512 << 20, answer_bytes=256 << 20, memory_bytes=512 << 20, cpu_s=20, wall_s=60.0
)
_FUNCTION: Final = "sonde.markets.core.strategies.jailed:answer"
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_KINDS: Final = {"int", "float", "bool", "choice"}


@dataclass(frozen=True)
class OwnStrategy:
    """A strategy in source text; every answer comes from a child process of its own.

    Parameters
    ----------
    name, title, words : str
    parameters : tuple of Parameter
    source : str
        Python.
    limits : JailLimits
        Of each answer.
    """

    name: str
    title: str
    words: str
    parameters: tuple[Parameter, ...]
    source: str
    limits: JailLimits = LIMITS

    @property
    def sha256(self) -> str:
        """Return the hash of the source: what a run is tied to."""
        return hashlib.sha256(self.source.encode(errors="surrogatepass")).hexdigest()

    def check(self, settings: Settings) -> None:
        """Refuse settings that do not go together; raises Invalid."""
        with _understood():
            self._ask("check", settings)

    def warm_up(self, settings: Settings) -> int:
        """Return how many leading rows cannot be trusted yet; raises Invalid."""
        with _understood():
            return int(self._ask("warm_up", settings).facts["rows"])

    def decide(self, candles: Candles, settings: Settings) -> Decisions:
        """Return what it wants at every bar.

        Raises
        ------
        Invalid
            If it fails, with the line, or if it is stopped.
        """
        with _understood():
            answer = self._ask("decide", settings, candles)
            return unpacked_decisions(answer.facts, answer.arrays)

    def _ask(self, question: str, settings: Settings, candles: Candles | None = None) -> JailAnswer:
        asked = {"question": question, "source": self.source, "settings": dict(settings)}
        return _answered(asked, candles, self.limits)


def load_strategy(source: str, limits: JailLimits = LIMITS) -> OwnStrategy:
    """Return the strategy in `source`, after a look at it in a jailed child.

    Parameters
    ----------
    source : str
        Python with exactly one class that has ``name``, ``title``, ``words``, ``parameters``,
        ``warm_up(settings)``, ``decide(candles, settings)`` and, if it likes, ``check(settings)``.
    limits : JailLimits, optional

    Raises
    ------
    Invalid
        If it is too long, does not run, or does not say what it is; with the line where it fails.
    """
    if len(source.encode(errors="surrogatepass")) > SOURCE_BYTES:
        raise Invalid(
            f"A strategy has at most {SOURCE_BYTES // 1024} kB of source.", field="source"
        )
    with _understood():
        facts = _answered({"question": "describe", "source": source}, None, limits).facts
        return _described(facts, source, limits)


def _described(facts: Mapping[str, Any], source: str, limits: JailLimits) -> OwnStrategy:
    name = str(facts["name"])
    if not _NAME.fullmatch(name) or len(name) > 40:
        raise Invalid(
            f"The name {name!r:.80} must be lower-case words with hyphens, at most 40 characters.",
            field="name",
        )
    if name in STRATEGIES:
        raise Invalid(f"{name} is the name of a shipped strategy; choose another.", field="name")
    title, words = _text(facts, "title", 80), _text(facts, "words", 500)
    parameters = tuple(_parameter(each) for each in facts["parameters"])
    if len({each.name for each in parameters}) < len(parameters):
        raise Invalid("Two parameters have the same name.", field="parameters")
    return OwnStrategy(name, title, words, parameters, source, limits)


@contextmanager
def _understood() -> Iterator[None]:
    """Refuse what a child may say that forged its answer."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        raise Invalid("The strategy's answer makes no sense.", field="source") from None


def _answered(
    question: Mapping[str, Any], candles: Candles | None, limits: JailLimits
) -> JailAnswer:
    with tempfile.TemporaryDirectory(prefix="sonde-strategy-") as folder:
        path = Path(folder) / "question"
        path.write_bytes(packed_question(question, candles))
        call = start_jailed(_FUNCTION, path, {}, limits)
        try:
            return call.result()
        except (TooLarge, Unreadable):
            raise Invalid(
                f"The strategy ended without an answer. It has {limits.cpu_s} s of processor time, "
                f"{limits.wall_s:g} s in all and {limits.memory_bytes >> 20} MB, and can open no "
                "file and no connection; look for an endless loop or an exit.",
                field="source",
            ) from None


def _text(facts: Mapping[str, Any], name: str, most: int) -> str:
    text = str(facts[name]).strip()
    if not text or len(text) > most or not text.isprintable():
        raise Invalid(
            f"The {name} of a strategy is one line of 1 to {most} characters.", field=name
        )
    return text


def _parameter(facts: Mapping[str, Any]) -> Parameter:
    names = {each.name for each in fields(Parameter)}
    texts = [facts.get(name) for name in ("name", "title", "words")]
    bounds = [facts.get(name) for name in ("low", "high")]
    is_sound = (
        set(facts) == names
        and facts["kind"] in _KINDS
        and all(isinstance(each, str) and each.isprintable() and each for each in texts)
        and all(isinstance(each, int | float) for each in bounds)
    )
    if not is_sound:
        raise Invalid(
            f"Parameter {facts.get('name')!r:.80} is not complete; see the guide for an example.",
            field="parameters",
        )
    parameter = Parameter(**{**facts, "choices": tuple(str(each) for each in facts["choices"])})
    parameter.accept(parameter.default)
    return parameter
