"""What the page that starts an experiment does."""

from typing import Any

from dash import ALL, Input, Output, State, no_update

from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.models.specification import ModelConfig
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import experiments
from sonde.learning.ui.experiment_new.ids import NewId, NewType
from sonde.learning.ui.experiment_new.layout import (
    HONEST_CHOICE,
    data_facts,
    data_options,
    options_of,
    preview_panel,
)
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import SondeError
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.components import note
from sonde.platform.ui.errors import show_toast, toast_error
from sonde.platform.ui.navigation import go_to
from sonde.platform.ui.theme import Tone


def _split(policy: str, details: tuple[Any, ...], *, allow_leaks: bool = False) -> SplitConfig:
    protocol, attribute, n_folds, fraction, seed = details
    return SplitConfig(
        policy="" if policy == HONEST_CHOICE else policy,
        seed=int(seed or 0),
        n_folds=int(n_folds or 5),
        test_fraction=float(fraction or 0.25),
        attribute=attribute or "",
        protocol=protocol or "",
        allow_leaks=allow_leaks,
    )


def _options(values: list[Any], ids: list[dict[str, str]]) -> dict[str, Any]:
    """Return what was chosen about the data; the defaults stay unsaid."""
    return {one["name"]: value for one, value in zip(ids, values, strict=True) if value}


def _no_preview(error: Exception) -> Any:
    if not isinstance(error, SondeError):
        toast_error(error)
    words = error.message if isinstance(error, SondeError) else "The split could not be made."
    return note(words, Tone.WARN, title="Not possible with this data"), {"ready": False}


@server_callback(
    Output(NewId.DATA_FACTS, "children"),
    Output(NewId.PROTOCOL, "data"),
    Output(NewId.PROTOCOL, "value"),
    Output(NewId.ATTRIBUTE, "data"),
    Output(NewId.ATTRIBUTE, "value"),
    Output(NewId.OPTIONS, "children"),
    Input(NewId.DATA, "value"),
    State(NewId.CHOSEN, "data"),
)
def describe_data(actor: Actor, data: str, chosen: dict[str, str] | None) -> Any:
    """Show what is known about the chosen data, and which splits it offers."""
    source, _, ref = data.partition("|")
    described = experiments.describe_problem(actor, source, ref)
    choice = next(
        one for slug, one in experiments.problem_choices(actor) if (slug, one.ref) == (source, ref)
    )
    protocols = list(described.get("protocols", ()))
    attributes = list(described.get("attributes", ()))
    return (
        data_facts(choice, described),
        options_of(protocols),
        protocols[0] if protocols else None,
        options_of(attributes),
        attributes[0] if attributes else None,
        data_options(described, chosen or {}),
    )


@server_callback(
    Output(NewId.PREVIEW, "children"),
    Output(NewId.VERDICT, "data"),
    Input(NewId.DATA, "value"),
    Input(NewId.POLICY, "value"),
    Input(NewId.PROTOCOL, "value"),
    Input(NewId.ATTRIBUTE, "value"),
    Input(NewId.N_FOLDS, "value"),
    Input(NewId.FRACTION, "value"),
    Input(NewId.SEED, "value"),
    Input({"type": NewType.OPTION, "name": ALL}, "value"),
    State({"type": NewType.OPTION, "name": ALL}, "id"),
    failed=_no_preview,
)
def preview(actor: Actor, data: str, policy: str, *given: Any) -> Any:
    """Show the certificate that the chosen split would get."""
    source, _, ref = data.partition("|")
    *details, values, names = given
    options = _options(values, names)
    split = _split(policy, tuple(details))
    certificate = experiments.preview_split(actor, source, ref, options, split)
    return preview_panel(certificate), {"ready": True, "leaks": not certificate.is_honest}


@server_callback(
    Output(NewId.STARTED, "data"),
    Input(NewId.START, "n_clicks"),
    State(NewId.DATA, "value"),
    State(NewId.MODEL, "value"),
    State({"type": NewType.KNOB, "model": ALL, "name": ALL}, "value"),
    State({"type": NewType.KNOB, "model": ALL, "name": ALL}, "id"),
    State({"type": NewType.OPTION, "name": ALL}, "value"),
    State({"type": NewType.OPTION, "name": ALL}, "id"),
    State(NewId.POLICY, "value"),
    State(NewId.LEAK_CONSENT, "checked"),
    State(NewId.TITLE, "value"),
    State(NewId.PROTOCOL, "value"),
    State(NewId.ATTRIBUTE, "value"),
    State(NewId.N_FOLDS, "value"),
    State(NewId.FRACTION, "value"),
    State(NewId.SEED, "value"),
    prevent_initial_call=True,
    running=[(Output(NewId.START, "loading"), True, False)],
)
def start(actor: Actor, clicks: int | None, data: str, model: str, *chosen: Any) -> Any:
    """Start the training and go to its page."""
    if not clicks:
        return no_update
    values, knobs, options, names, policy, consent, title, *details = chosen
    given = {
        knob["name"]: value
        for knob, value in zip(knobs, values, strict=True)
        if knob["model"] == model and value not in (None, "")
    }
    source, _, ref = data.partition("|")
    wanted = NewExperiment(
        source=source,
        ref=ref,
        model=ModelConfig(model, int(details[-1] or 0), given),
        split=_split(policy, tuple(details), allow_leaks=bool(consent)),
        title=title or "",
        options=_options(options, names),
    )
    experiment = experiments.create(actor, wanted)
    show_toast("Training has started", experiment.summary.title, Tone.GOOD)
    go_to(experiments.result_path(experiment.id))
    return experiment.id


IN_BROWSER = (
    browser_callback(
        "learningNew.showKnobs",
        Output({"type": NewType.KNOBS, "model": ALL}, "style"),
        Input(NewId.MODEL, "value"),
        State({"type": NewType.KNOBS, "model": ALL}, "id"),
    ),
    browser_callback(
        "learningNew.showDetails",
        Output(NewId.PROTOCOL_BOX, "style"),
        Output(NewId.ATTRIBUTE_BOX, "style"),
        Output(NewId.N_FOLDS_BOX, "style"),
        Output(NewId.FRACTION_BOX, "style"),
        Input(NewId.POLICY, "value"),
    ),
    browser_callback(
        "learningNew.allow",
        Output(NewId.START, "disabled"),
        Output(NewId.LEAK_BOX, "style"),
        Input(NewId.VERDICT, "data"),
        Input(NewId.LEAK_CONSENT, "checked"),
    ),
)
