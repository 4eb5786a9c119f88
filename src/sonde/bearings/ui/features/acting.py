"""What the buttons of the Features page do."""

from collections.abc import Mapping
from typing import Any

from sonde.bearings.services import (
    feature_sets,
    feature_studies,
    features,
    own_features,
)
from sonde.bearings.ui.features.state import ViewState
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict
from sonde.platform.ui.errors import show_toast
from sonde.platform.ui.theme import Tone


def act_on(
    actor: Actor,
    clicked: Mapping[str, str],
    texts: Mapping[str, str],
    edited: str,
    state: ViewState,
) -> None:
    """Do what a button says; `texts` are the fields beside it, `edited` is the set in a dialog."""
    action, ref = clicked["action"], clicked["ref"]
    if action == "extract":
        features.ensure(actor, state.dataset, state.names)
    elif action == "study":
        feature_studies.start(actor, state.dataset, state.study(ref))
    elif action == "save":
        _save(actor, texts.get("set", ""), state.names, {"dataset": state.dataset})
    elif action == "pick":
        _save_picked(actor, texts.get("pick", ""), state)
    elif action == "delete":
        name = feature_sets.get(actor, ref).name
        feature_sets.delete(actor, ref)
        show_toast("Deleted", f"{name} is gone; models trained on it keep it.", Tone.GOOD)
    elif action == "rename":
        renamed = feature_sets.rename(actor, edited, texts.get("rename", ""))
        show_toast("Renamed", f"The set is called {renamed.name} now.", Tone.GOOD)


def _save_picked(actor: Actor, name: str, state: ViewState) -> None:
    """Save what a selection chose."""
    found = feature_studies.look(actor, state.dataset, state.study("selection")).result
    if found is None:
        raise Conflict("Nothing was chosen yet: start the selection first.")
    made_from: dict[str, Any] = {"dataset": state.dataset, "method": state.selection}
    _save(actor, name, found["chosen"], made_from)


def _save(actor: Actor, name: str, names: Any, made_from: Mapping[str, Any]) -> None:
    saved = feature_sets.save(actor, name, names, made_from)
    show_toast("Saved", f"{saved.name}: experiments can learn from it.", Tone.GOOD)


def save_own(actor: Actor, own_id: str, given: Mapping[str, Any]) -> str:
    """Define a band or change one; return the column's name."""
    band = {**given, "name": given["name"] or ""}
    change, define = own_features.change, own_features.define
    saved = change(actor, own_id, band) if own_id else define(actor, band)
    show_toast("Saved", f"{saved.band.column} can be extracted.", Tone.GOOD)
    return saved.band.column


def delete_own(actor: Actor, own_id: str) -> None:
    """Delete a band."""
    own_features.delete(actor, own_id)
    show_toast("Deleted", "The feature is gone; sets that hold it keep it.", Tone.GOOD)
