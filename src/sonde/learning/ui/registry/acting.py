"""What the buttons of a model's page do."""

from collections.abc import Callable, Mapping
from typing import Any

from sonde.learning.core.registry import CHALLENGER
from sonde.learning.services import model_batches, promotion, registry
from sonde.platform.core.actor import Actor

Fields = Mapping[str, str]


def act_on(actor: Actor, name: str, action: str, ref: str, fields: Fields) -> None:
    """Do what a button says; `fields` holds what was written beside it."""
    _ACTIONS[action](actor, name, ref, fields)


def _promote(actor: Actor, name: str, ref: str, fields: Fields) -> None:
    promotion.promote(actor, name, ref, override_reason=fields["reason"])


def _roll_back(actor: Actor, name: str, _ref: str, _fields: Fields) -> None:
    promotion.roll_back(actor, name)


def _challenge(actor: Actor, name: str, ref: str, _fields: Fields) -> None:
    registry.set_alias(actor, name, CHALLENGER, ref)


def _alias(actor: Actor, name: str, _ref: str, fields: Fields) -> None:
    registry.set_alias(actor, name, fields["alias"], fields["version"])


def _drop(actor: Actor, name: str, ref: str, _fields: Fields) -> None:
    registry.remove_alias(actor, name, ref)


def _archive(actor: Actor, name: str, ref: str, _fields: Fields) -> None:
    registry.archive(actor, name, ref)


def _restore(actor: Actor, name: str, ref: str, _fields: Fields) -> None:
    registry.archive(actor, name, ref, archived=False)


def _describe(actor: Actor, name: str, _ref: str, fields: Fields) -> None:
    registry.describe(actor, name, fields["description"])


def _forget(actor: Actor, name: str, ref: str, _fields: Fields) -> None:
    model_batches.remove(actor, name, ref)


_ACTIONS: Mapping[str, Callable[[Actor, str, str, Fields], Any]] = {
    "promote": _promote,
    "roll-back": _roll_back,
    "challenge": _challenge,
    "alias": _alias,
    "drop": _drop,
    "archive": _archive,
    "archive-model": _archive,
    "restore": _restore,
    "restore-model": _restore,
    "describe": _describe,
    "forget": _forget,
}
