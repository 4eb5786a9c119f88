"""What the page that starts an experiment does."""

from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.learning.core.experiment_document import document_of
from sonde.learning.services import estimates, experiments, families, templates
from sonde.learning.ui.experiment_new.cost import cost_panel
from sonde.learning.ui.experiment_new.fields import options_of
from sonde.learning.ui.experiment_new.form import values_of, wanted_of
from sonde.learning.ui.experiment_new.ids import NewId, NewType, field
from sonde.learning.ui.experiment_new.layout import data_facts, data_options, template_links
from sonde.learning.ui.experiment_new.page import templates_of
from sonde.learning.ui.experiment_new.side import own_templates, preview_panel, review_panel
from sonde.learning.ui.experiment_new.started import started_place, started_words
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import SondeError
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.components import note
from sonde.platform.ui.errors import show_toast, toast_error
from sonde.platform.ui.navigation import go_to
from sonde.platform.ui.theme import Tone

_VALUES = ({"type": NewType.FIELD, "name": ALL}, "value")
_IDS = ({"type": NewType.FIELD, "name": ALL}, "id")


def _no_preview(error: Exception) -> Any:
    if not isinstance(error, SondeError):
        toast_error(error)
    words = error.message if isinstance(error, SondeError) else "The split could not be made."
    told = note(words, Tone.WARN, title="Not possible")
    return told, {"ready": False}, no_update, no_update


@server_callback(
    Output(NewId.DATA_FACTS, "children"),
    Output(field("split/protocol"), "data"),
    Output(field("split/protocol"), "value"),
    Output(field("split/attribute"), "data"),
    Output(field("split/attribute"), "value"),
    Output(NewId.OPTIONS, "children"),
    Input(field("data"), "value"),
    State(NewId.BEGINNING, "data"),
)
def describe_data(actor: Actor, data: str, beginning: dict[str, Any] | None) -> Any:
    """Show what is known about the chosen data, and which splits it offers."""
    source, _, ref = data.partition("|")
    form = beginning or {}
    described = experiments.describe_problem(actor, source, ref)
    choice = next(
        one for slug, one in experiments.problem_choices(actor) if (slug, one.ref) == (source, ref)
    )
    protocols = list(described.get("protocols", ()))
    attributes = list(described.get("attributes", ()))
    return (
        data_facts(choice, described),
        options_of(protocols),
        _begin(form.get("split/protocol"), protocols),
        options_of(attributes),
        _begin(form.get("split/attribute"), attributes),
        data_options(described, form),
    )


def _begin(wanted: Any, known: list[str]) -> str | None:
    return wanted if wanted in known else next(iter(known), None)


@server_callback(
    Output(NewId.PREVIEW, "children"),
    Output(NewId.VERDICT, "data"),
    Output(NewId.COST, "children"),
    Output(NewId.REVIEW, "children"),
    Input(*_VALUES),
    Input(NewId.LEAK_CONSENT, "checked"),
    State(*_IDS),
    failed=_no_preview,
)
def preview(actor: Actor, values: list[Any], consent: bool | None, ids: list[Any]) -> Any:
    """Show the certificate, the cost and the exact configuration of what the form asks for."""
    wanted, seeds = wanted_of(values_of(values, ids), allow_leaks=bool(consent))
    told = estimates.estimate(actor, wanted)
    return (
        preview_panel(told.certificate),
        {"ready": True, "leaks": not told.certificate.is_honest, "before": told.n_before},
        cost_panel(told, len(seeds)),
        review_panel(document_of(wanted), seeds),
    )


@server_callback(
    Output(NewId.STARTED, "data"),
    Input(NewId.START, "n_clicks"),
    State(*_VALUES),
    State(*_IDS),
    State(NewId.LEAK_CONSENT, "checked"),
    prevent_initial_call=True,
    running=[(Output(NewId.START, "loading"), True, False)],
)
def start(
    actor: Actor, clicks: int | None, values: list[Any], ids: list[Any], consent: bool | None
) -> Any:
    """Start the training, or one for each seed, and go to its page."""
    if not clicks:
        return no_update
    wanted, seeds = wanted_of(values_of(values, ids), allow_leaks=bool(consent))
    made = families.create_family(actor, wanted, seeds)
    show_toast(*started_words(made), Tone.GOOD)
    go_to(*started_place(made))
    return made[0].id


@server_callback(
    Output(NewId.TEMPLATE_SAVED, "children"),
    Output(NewId.TEMPLATES, "children"),
    Output(NewId.TEMPLATES_OWN, "children"),
    Input(NewId.TEMPLATE_SAVE, "n_clicks"),
    Input({"type": NewType.FORGET, "template": ALL}, "n_clicks"),
    State(NewId.TEMPLATE_NAME, "value"),
    State(*_VALUES),
    State(*_IDS),
    State(NewId.LEAK_CONSENT, "checked"),
    prevent_initial_call=True,
)
def keep(actor: Actor, _save: int | None, _forget: list[Any], name: str, *form: Any) -> Any:
    """Keep the form as a template, or delete one."""
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return no_update, no_update, no_update
    if ctx.triggered_id == NewId.TEMPLATE_SAVE:
        values, ids, consent = form
        wanted, _ = wanted_of(values_of(values, ids), allow_leaks=bool(consent))
        words = f"Kept as {templates.save(actor, name or '', wanted).name}."
    else:
        words = f"{templates.delete(actor, ctx.triggered_id['template'])} is deleted."
    known = templates_of(actor)
    return words, template_links(known), own_templates(known)


IN_BROWSER = (
    browser_callback(
        "learningNew.begin",
        Output(NewId.CLONED, "data"),
        Input(NewId.CLONE, "value", allow_optional=True),
        prevent_initial_call=True,
    ),
    browser_callback(
        "learningNew.showModel",
        Output({"type": NewType.KNOBS, "model": ALL}, "style"),
        Output(NewId.TRAINING, "style"),
        Input(field("model"), "value"),
        State({"type": NewType.KNOBS, "model": ALL}, "id"),
        State(NewId.DEEP, "data"),
    ),
    browser_callback(
        "learningNew.showDetails",
        Output(NewId.PROTOCOL_BOX, "style"),
        Output(NewId.ATTRIBUTE_BOX, "style"),
        Output(NewId.N_FOLDS_BOX, "style"),
        Output(NewId.FRACTION_BOX, "style"),
        Input(field("split/policy"), "value"),
    ),
    browser_callback(
        "learningNew.allow",
        Output(NewId.START, "disabled"),
        Output(NewId.START, "children"),
        Output(NewId.LEAK_BOX, "style"),
        Input(NewId.VERDICT, "data"),
        Input(NewId.LEAK_CONSENT, "checked"),
    ),
)
