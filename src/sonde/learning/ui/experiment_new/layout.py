"""The page that starts an experiment: data, model, split, and what the split is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.learning.core.certificate import SplitCertificate
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.specification import ModelSpecification
from sonde.learning.core.sources import ProblemChoice
from sonde.learning.core.splits.policy import SplitPolicy
from sonde.learning.ui.certificate import certificate_panel
from sonde.learning.ui.experiment_new.ids import NewId, NewType
from sonde.platform.ui.components import (
    PageView,
    badge,
    button_link,
    card,
    empty_state,
    facts,
    note,
    split,
    stack,
)
from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone

HONEST_CHOICE = "honest"
_MODEL_ICONS = {"windows": "tabler:wave-sine", "features": "tabler:table"}


@dataclass(frozen=True)
class Offer:
    """Everything that a person may choose from, and what is chosen to begin with.

    Parameters
    ----------
    choices : tuple of (str, ProblemChoice)
        Slug of the source, and one of its problems.
    models : tuple of ModelSpecification
    policies : tuple of SplitPolicy
    chosen : mapping of str to str
        From the URL: ``source``, ``ref``, ``model``, and the data's own options by name.
    """

    choices: tuple[tuple[str, ProblemChoice], ...]
    models: tuple[ModelSpecification, ...]
    policies: tuple[SplitPolicy, ...]
    chosen: Mapping[str, str]


def new_view(offer: Offer) -> PageView:
    """Return the page."""
    if not offer.choices:
        return PageView("New experiment", card(_no_data()))
    form = stack(
        [
            _step(1, "Data", "What to learn from.", _data(offer)),
            _step(2, "Model", "What learns. The defaults are a good start.", _models(offer)),
            _step(
                3,
                "Split",
                "How the score is tested. This decides what the score is worth.",
                _policies(offer),
            ),
        ]
    )
    return PageView(
        "New experiment",
        [
            dcc.Store(id=NewId.VERDICT),
            dcc.Store(id=NewId.STARTED),
            dcc.Store(id=NewId.CHOSEN, data=dict(offer.chosen)),
            split(form, html.Div(_side(), className="sonde-sticky sonde-stack")),
        ],
        description="Train a model and learn what its score is worth.",
    )


def preview_panel(certificate: SplitCertificate) -> list[Any]:
    """Return the certificate that the chosen split would get."""
    warning = []
    if not certificate.is_honest:
        warning = [
            note(
                f"Parts of the same {certificate.group_noun} or recording are on both sides. The "
                "score would look better than the model is, and is marked leaky wherever it is "
                "shown.",
                Tone.WARN,
                title="This split leaks",
            )
        ]
    return [*warning, certificate_panel(certificate)]


def data_facts(choice: ProblemChoice, described: Mapping[str, Any]) -> Any:
    """Return what is known about the chosen data."""
    rows: list[tuple[str, Any]] = [("Classes", ", ".join(choice.classes))]
    if "recordings" not in described:
        rows.append(("Recordings", f"{choice.n_recordings:,}"))
    rows += [
        (name.replace("_", " ").capitalize(), str(value))
        for name, value in described.items()
        if isinstance(value, str | int | float)
    ]
    return facts(rows)


def data_options(described: Mapping[str, Any], chosen: Mapping[str, str]) -> list[Any]:
    """Return what the source offers to choose about its data, the URL's choice first."""
    selects = []
    for option in described.get("options", ()):
        values = [value for value, _ in option["values"]]
        wanted = chosen.get(option["name"], "")
        selects.append(
            dmc.Select(
                id={"type": NewType.OPTION, "name": option["name"]},
                label=option["title"],
                description=option["help"],
                data=[{"value": value, "label": label} for value, label in option["values"]],
                value=wanted if wanted in values else values[0],
                allowDeselect=False,
                searchable=True,
            )
        )
    return selects


def options_of(names: Sequence[str]) -> list[dict[str, str]]:
    """Return names as choices of a list."""
    return [{"value": name, "label": name.replace("_", " ")} for name in names]


def _no_data() -> Any:
    return empty_state(
        "There is nothing to train on yet",
        "Import recordings first, or wait until the sample project is there.",
        icon_name="tabler:database",
        actions=[button_link("Go to Home", "/", icon_name="tabler:home", variant="filled")],
    )


def _step(number: int, title: str, text: str, content: Sequence[Any]) -> Any:
    head = html.Div(
        [
            html.H2(
                [html.Span(f"{number}", className="sonde-step"), title],
                className="sonde-card-title",
            ),
            html.P(text, className="sonde-dim"),
        ],
        className="sonde-step-head",
    )
    return html.Section([head, *content], className="sonde-card sonde-stack")


def _data(offer: Offer) -> list[Any]:
    options = [
        {
            "value": f"{source}|{choice.ref}",
            "label": f"{choice.title} · {choice.n_recordings:,} recordings",
        }
        for source, choice in offer.choices
    ]
    values = [option["value"] for option in options]
    wanted = _wanted(offer)
    return [
        dmc.Select(
            id=NewId.DATA,
            label="Data set",
            data=options,
            value=wanted if wanted in values else values[0],
            searchable=True,
            allowDeselect=False,
            leftSection=icon("tabler:database", 16),
        ),
        html.Div(id=NewId.DATA_FACTS),
        html.Div(id=NewId.OPTIONS, className="sonde-form"),
    ]


def _wanted(offer: Offer) -> str:
    """Return the data that the URL names, by source and ref or by the ref alone."""
    named = offer.chosen.get("ref") or offer.chosen.get("dataset", "")
    found = [f"{source}|{one.ref}" for source, one in offer.choices if one.ref == named]
    source = offer.chosen.get("source")
    return f"{source}|{named}" if source else next(iter(found), "")


def _models(offer: Offer) -> list[Any]:
    names = [one.name for one in offer.models]
    wanted = offer.chosen.get("model", "")
    chosen = wanted if wanted in names else names[0]
    cards = [
        _choice(one.name, one.title, one.help, icon(_MODEL_ICONS[one.eats], 20))
        for one in offer.models
    ]
    forms = [
        html.Div(
            [_knob(one.name, knob) for knob in one.hyper_parameters],
            id={"type": NewType.KNOBS, "model": one.name},
            className="sonde-form",
            style={} if one.name == chosen else {"display": "none"},
        )
        for one in offer.models
    ]
    return [_choices(NewId.MODEL, "Model", cards, chosen), *forms]


def _policies(offer: Offer) -> list[Any]:
    first = _choice(
        HONEST_CHOICE,
        "The honest one for this data",
        "Chosen by what the data knows about itself: what belongs together stays on one side.",
        icon("tabler:shield-check", 20),
        [badge("Recommended", Tone.GOOD)],
    )
    cards = [first, *[_policy(one) for one in offer.policies]]
    details = html.Div(
        [
            _box(
                NewId.PROTOCOL_BOX,
                dmc.Select(id=NewId.PROTOCOL, label="Protocol", data=[], allowDeselect=False),
            ),
            _box(
                NewId.ATTRIBUTE_BOX,
                dmc.Select(id=NewId.ATTRIBUTE, label="Leave out", data=[], allowDeselect=False),
            ),
            _box(
                NewId.N_FOLDS_BOX,
                dmc.NumberInput(id=NewId.N_FOLDS, label="Folds", value=5, min=2, max=20),
            ),
            _box(
                NewId.FRACTION_BOX,
                dmc.NumberInput(
                    id=NewId.FRACTION,
                    label="Share tested",
                    value=0.25,
                    min=0.05,
                    max=0.9,
                    step=0.05,
                ),
            ),
        ],
        className="sonde-form",
    )
    return [_choices(NewId.POLICY, "Split", cards, HONEST_CHOICE), details]


def _policy(one: SplitPolicy) -> Any:
    mark = [badge("Leaky", Tone.WARN, icon_name="tabler:droplet")] if one.is_leaky else []
    name = "tabler:alert-triangle" if one.is_leaky else "tabler:arrows-split"
    return _choice(one.name, one.title.replace(" (leaky)", ""), one.help, icon(name, 20), mark)


def _choices(identifier: NewId, label: str, cards: Sequence[Any], value: str) -> Any:
    return dmc.RadioGroup(
        html.Div(list(cards), className="sonde-columns", style={"--sonde-column": "250px"}),
        id=identifier,
        value=value,
        **{"aria-label": label},
    )


def _choice(value: str, title: str, text: str, mark: Any, badges: Sequence[Any] = ()) -> Any:
    words = html.Div(
        [
            html.Div([title, *badges], className="sonde-choice-title"),
            html.Div(text, className="sonde-choice-text"),
        ]
    )
    return dmc.RadioCard(
        html.Div([mark, words], className="sonde-choice-inner"),
        value=value,
        className="sonde-choice",
        withBorder=False,
        **{"aria-label": title},
    )


def _knob(model: str, knob: HyperParameter) -> Any:
    identifier = {"type": NewType.KNOB, "model": model, "name": knob.name}
    common = {"id": identifier, "label": knob.title, "description": knob.help}
    if isinstance(knob.default, bool):
        return dmc.Select(
            data=[{"value": "true", "label": "yes"}, {"value": "false", "label": "no"}],
            value="true" if knob.default else "false",
            allowDeselect=False,
            **common,
        )
    if knob.choices:
        return dmc.Select(
            data=options_of(knob.choices), value=str(knob.default), allowDeselect=False, **common
        )
    if isinstance(knob.default, str):
        return dmc.TextInput(value=knob.default, **common)
    return dmc.NumberInput(
        value=knob.default,
        min=knob.low,
        max=knob.high,
        allowDecimal=isinstance(knob.default, float),
        hideControls=knob.is_log,
        **common,
    )


def _box(identifier: NewId, content: Any) -> Any:
    return html.Div(content, id=identifier, style={"display": "none"})


def _side() -> list[Any]:
    start = dmc.Button(
        "Start training",
        id=NewId.START,
        fullWidth=True,
        size="md",
        disabled=True,
        leftSection=icon("tabler:player-play", 18),
    )
    consent = html.Div(
        dmc.Checkbox(
            id=NewId.LEAK_CONSENT,
            label="Train with this leaky split all the same. The score will be marked leaky.",
            checked=False,
        ),
        id=NewId.LEAK_BOX,
        style={"display": "none"},
    )
    more = html.Details(
        [
            html.Summary("Title and seed"),
            html.Div(
                [
                    dmc.TextInput(
                        id=NewId.TITLE,
                        label="Title",
                        placeholder="Made from model and data if empty",
                        inputProps={"maxLength": 200},
                    ),
                    dmc.NumberInput(id=NewId.SEED, label="Seed", value=0, min=0),
                ],
                className="sonde-form",
            ),
        ],
        className="sonde-twin",
    )
    preview = dcc.Loading(
        html.Div(id=NewId.PREVIEW, className="sonde-stack", **{"aria-live": "polite"}),
        delay_show=300,
        custom_spinner=dmc.Loader(size="sm"),
    )
    return [
        card(
            preview,
            title="What this split is worth",
            description="The certificate that the score will carry.",
        ),
        card([html.Div([consent, start, more], className="sonde-stack")]),
    ]
