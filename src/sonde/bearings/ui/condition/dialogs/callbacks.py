"""What the dialogs do: places are added, changed and removed; channels are fed."""

import base64
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update, set_props

from sonde.bearings.core.condition.machines import NodeKind
from sonde.bearings.core.condition.moments import moment_in_name, moment_said
from sonde.bearings.services import datasets, machines
from sonde.bearings.services.condition import feeds, folders, measurements
from sonde.bearings.services.condition.measurements import Said
from sonde.bearings.services.machines import NewNode
from sonde.bearings.ui.condition.answers import look_again, refused
from sonde.bearings.ui.condition.dialogs.example import rest_example
from sonde.bearings.ui.condition.dialogs.forms import feed_form, folder_list, place_form, removal
from sonde.bearings.ui.condition.ids import ConditionId, ConditionType
from sonde.bearings.ui.condition.state import PATH, link_to
from sonde.bearings.ui.condition.tree import NAMES
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid, TooLarge
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.components import note
from sonde.platform.ui.errors import show_toast
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.jobs.card import job_progress
from sonde.platform.ui.routing import query_of
from sonde.platform.ui.theme import Tone

_MOST_DATASETS = 200
_MAX_UPLOAD = 20_000_000


@server_callback(
    Output(ConditionId.PLACE_MODAL, "opened"),
    Output(ConditionId.PLACE_MODAL, "title"),
    Output(ConditionId.PLACE_BODY, "children"),
    Output(ConditionId.PLACE_WISH, "data"),
    Input(
        {"type": ConditionType.PLACE, "action": ALL, "node": ALL, "kind": ALL},
        "n_clicks",
    ),
    prevent_initial_call=True,
)
def ask(actor: Actor, _clicks: Any) -> Any:
    """Open the form of a place."""
    wish = ctx.triggered_id
    if not isinstance(wish, dict) or not any(one["value"] for one in ctx.triggered):
        return (no_update,) * 4
    kind = NodeKind(wish["kind"])
    title = f"{wish['action'].capitalize()} {NAMES[kind]}"
    if wish["action"] == "remove":
        n_below, n_measured = machines.extent(actor, wish["node"])
        form = removal(machines.get(actor, wish["node"]), n_below, n_measured)
    else:
        node = machines.get(actor, wish["node"]) if wish["action"] == "change" else None
        form = place_form(kind, node)
    return True, title, form, wish


@server_callback(
    Output(ConditionId.PLACE_REFUSED, "children"),
    Input(ConditionId.PLACE_SAVE, "n_clicks"),
    State(ConditionId.PLACE_WISH, "data"),
    State({"type": ConditionType.FIELD, "name": ALL}, "value"),
    State({"type": ConditionType.FIELD, "name": ALL}, "id"),
    prevent_initial_call=True,
    failed=refused,
)
def save(actor: Actor, clicks: int | None, wish: Any, values: Any, ids: Any) -> Any:
    """Add, change or remove the place."""
    if not clicks:
        return no_update
    said = {one["name"]: value for one, value in zip(ids, values, strict=True)}
    name = str(said.pop("name", "") or "")
    if wish["action"] == "add":
        kind = NodeKind(wish["kind"])
        made = machines.add(actor, NewNode(kind, name, wish["node"], said))
        _go(link_to(made.id))
    elif wish["action"] == "change":
        machines.change(actor, wish["node"], name=name, details=said)
        look_again()
    else:
        parent = machines.get(actor, wish["node"]).parent_id
        machines.remove(actor, wish["node"])
        _go(link_to(parent) if parent else PATH)
    set_props(ConditionId.PLACE_MODAL, {"opened": False})
    return None


def _go(link: str) -> None:
    set_props(ShellId.LOCATION, {"search": link.removeprefix(PATH)})
    look_again()


@server_callback(
    Output(ConditionId.FEED_MODAL, "opened"),
    Output(ConditionId.FEED_BODY, "children"),
    Input(ConditionId.FEED_OPEN, "n_clicks"),
    State(ShellId.LOCATION, "href"),
    State(ShellId.LOCATION, "search"),
    prevent_initial_call=True,
)
def open_feed(actor: Actor, clicks: int | None, href: str | None, search: str) -> Any:
    """Show the ways in."""
    if not clicks:
        return no_update, no_update
    channel_id = query_of(search).get("node", "")
    found = datasets.list_datasets(actor, limit=_MOST_DATASETS).items
    watched = folders.folders(actor, channel_id) if actor.role is Role.ADMIN else None
    named = [(one.id, one.name) for one in found]
    return True, feed_form(named, rest_example(href or "", channel_id), watched)


@server_callback(
    Output(ConditionId.FEED_JOB, "children"),
    Output(ConditionId.FEED_REFUSED, "children"),
    Input(ConditionId.FEED_RUN, "n_clicks"),
    State(ConditionId.FEED_DATASET, "value"),
    State(ConditionId.FEED_START, "value"),
    State(ConditionId.FEED_EVERY, "value"),
    State(ConditionId.FEED_SESSION, "value"),
    State(ConditionId.FEED_BEARING, "value"),
    State(ShellId.LOCATION, "search"),
    prevent_initial_call=True,
    failed=lambda error: (no_update, refused(error)),
)
def feed(actor: Actor, clicks: int | None, dataset_id: str | None, at: str, *given: Any) -> Any:
    """Queue the feed and follow its job."""
    if not clicks:
        return no_update, no_update
    every, session, bearing, search = given
    if not dataset_id:
        raise Invalid("Choose a data set.")
    channel_id = query_of(search).get("node", "")
    start = moment_said(at or "") or feeds.natural_start(actor, dataset_id, float(every or 0))
    spacing = timedelta(hours=float(every or 0))
    chosen = ((session or "").strip(), (bearing or "").strip())
    job = feeds.start(actor, channel_id, feeds.FeedWish(dataset_id, start, spacing, *chosen))
    return job_progress(job), None


@server_callback(
    Output(ConditionId.UPLOAD_SAID, "children"),
    Input(ConditionId.UPLOAD_RUN, "n_clicks"),
    State(ConditionId.UPLOAD_FILE, "contents"),
    State(ConditionId.UPLOAD_FILE, "filename"),
    State(ConditionId.UPLOAD_AT, "value"),
    State(ConditionId.UPLOAD_RATE, "value"),
    State(ConditionId.UPLOAD_SPEED, "value"),
    State(ShellId.LOCATION, "search"),
    prevent_initial_call=True,
    failed=refused,
    running=[(Output(ConditionId.UPLOAD_RUN, "loading"), True, False)],
)
def measure(actor: Actor, clicks: int | None, contents: str | None, *given: Any) -> Any:
    """Measure the channel with one file."""
    name, at, rate, speed, search = given
    if not clicks or not contents:
        return no_update
    channel_id = query_of(search).get("node", "")
    measurements.check_channel(actor, channel_id)
    moment = moment_said(at or "") or moment_in_name(name)
    said = Said(moment, float(rate) if rate else None, float(speed) if speed else None)
    nominal = measurements.nominal_rpm(actor, channel_id)
    with tempfile.TemporaryDirectory(prefix="sonde-") as folder:
        path = Path(folder) / f"recording{Path(name).suffix.lower()[:8]}"
        path.write_bytes(_content(contents))
        taken = measurements.read_upload(path, Path(name).name, said, nominal)
    found = measurements.add(actor, channel_id, taken)
    look_again()
    text = f"Measured {found.n_samples:,} samples: RMS {found.figures['RMS']:.4g}."
    return note(text, Tone.GOOD)


def _content(contents: str) -> bytes:
    content = base64.b64decode(contents.partition(",")[2])
    if len(content) > _MAX_UPLOAD:
        raise TooLarge(f"At most {_MAX_UPLOAD / 1e6:.0f} MB here; larger ones go over REST.")
    return content


@server_callback(
    Output(ConditionId.FOLDER_SAID, "children"),
    Output(ConditionId.FOLDER_LIST, "children"),
    Input(ConditionId.FOLDER_ADD, "n_clicks"),
    Input({"type": ConditionType.UNWATCH, "folder": ALL}, "n_clicks"),
    State(ConditionId.FOLDER_PATH, "value"),
    State(ConditionId.FOLDER_RATE, "value"),
    State(ShellId.LOCATION, "search"),
    prevent_initial_call=True,
    failed=lambda error: (refused(error), no_update),
)
def watch(actor: Actor, _add: Any, _stop: Any, path: str | None, rate: Any, search: str) -> Any:
    """Watch a folder, or watch it no longer."""
    if not any(one["value"] for one in ctx.triggered):
        return no_update, no_update
    channel_id = query_of(search).get("node", "")
    if isinstance(ctx.triggered_id, dict):
        folders.unwatch(actor, ctx.triggered_id["folder"])
        told = None
    else:
        folders.watch(actor, channel_id, path or "", {"sampling_rate_hz": rate or None})
        show_toast("Folder is watched", path or "", Tone.GOOD)
        told = note("Its files are looked at every half minute.", Tone.GOOD)
    return told, folder_list(folders.folders(actor, channel_id))


IN_BROWSER = (
    browser_callback(
        "sondeCondition.named",
        Output(ConditionId.UPLOAD_NAME, "children"),
        Output(ConditionId.UPLOAD_RUN, "disabled"),
        Input(ConditionId.UPLOAD_FILE, "filename"),
        prevent_initial_call=True,
    ),
)
