"""A model's versions: score, certificate, aliases, where each came from, and what can be done."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.evaluation import FEW_GROUPS, Interval
from sonde.learning.core.registry import CHALLENGER, CHAMPION, ModelVersion, RegisteredModel
from sonde.learning.ui.marks import calibration_badge, honesty_badge, score_line, score_text
from sonde.learning.ui.registry.ids import RegistryId, RegistryType, act
from sonde.learning.ui.registry.trust import trust_details
from sonde.platform.ui.components import badge, card, facts, stack
from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import ago


def versions_panel(model: RegisteredModel, *, may_change: bool) -> Any:
    """Return the versions, newest first, and the form for free aliases."""
    cards = [_version_card(one, model, may_change=may_change) for one in model.versions]
    return stack([*cards, *([_alias_form(model), _purpose_form(model)] if may_change else [])])


def alias_badge(alias: str, number: int | None = None) -> Any:
    """Return the mark of an alias, with the version that it points at where that is not plain."""
    words = alias if number is None else f"{alias}: version {number}"
    return badge(words, Tone.GOOD if alias == CHAMPION else Tone.INFO, icon_name="tabler:tag")


def _version_card(one: ModelVersion, model: RegisteredModel, *, may_change: bool) -> Any:
    marks = [alias_badge(alias) for alias in one.aliases]
    if one.is_archived:
        marks.append(badge("Archived", Tone.NEUTRAL, icon_name="tabler:archive"))
    head = html.Div(
        [
            html.Div(
                [html.H2(f"Version {one.number}", className="sonde-card-title"), *marks],
                className="sonde-row",
            ),
            html.Div(
                _buttons(one, model) if may_change else [_download(one)], className="sonde-row"
            ),
        ],
        className="sonde-row sonde-between",
    )
    about = (
        f"{one.architecture_title} on {one.lineage.ref_title}, registered "
        f"{ago(one.created_at)} by {one.owner_name}"
    )
    note = [html.P(one.notes)] if one.notes else []
    origin = html.Details(
        [html.Summary("Where it came from"), _lineage(one)], className="sonde-twin"
    )
    words = html.Div([html.P(about, className="sonde-dim"), *note])
    parts = [html.Div([head, words]), _score(one), trust_details(one), origin]
    return card(stack(parts))


def _score(one: ModelVersion) -> Any:
    few = one.n_groups < FEW_GROUPS
    interval = Interval(one.interval_low, one.interval_high, 0.95, one.n_groups, few)
    words = (
        f"95 % interval {one.interval_low:.3f} to {one.interval_high:.3f}, over {one.n_groups} "
        f"{one.group_noun}s"
    )
    left = html.Div(
        [
            html.Div("Macro-F1", className="sonde-stat-label sonde-dim"),
            html.Div(score_text(one.macro_f1), className="sonde-stat-value"),
            html.Div(
                [
                    honesty_badge(one.is_honest),
                    calibration_badge(one.calibration is not None, one.calibration_words),
                ],
                className="sonde-row",
            ),
        ]
    )
    right = html.Div(
        [score_line(one.macro_f1, interval, None), html.Div(words, className="sonde-dim")]
    )
    return html.Div([left, right], className="sonde-hero")


def _buttons(one: ModelVersion, model: RegisteredModel) -> list[Any]:
    number = str(one.number)
    buttons = []
    if CHAMPION not in one.aliases and not one.is_archived:
        buttons.append(
            _button(
                "Promote", {"type": RegistryType.JUDGE, "ref": number}, "tabler:trending-up", one
            )
        )
        if CHALLENGER not in one.aliases:
            buttons.append(_button("Challenger", act("challenge", number), "tabler:tag", one))
    if one.is_archived:
        buttons.append(_button("Bring back", act("restore", number), "tabler:archive-off", one))
    elif not one.aliases and len(model.versions) > 1:
        buttons.append(_button("Archive", act("archive", number), "tabler:archive", one))
    return [*buttons, _download(one)]


def _button(text: str, identifier: Any, icon_name: str, one: ModelVersion) -> Any:
    return dmc.Button(
        text,
        id=identifier,
        size="compact-sm",
        variant="default",
        leftSection=icon(icon_name, 14),
        **{"aria-label": f"{text}: version {one.number}"},
    )


def _download(one: ModelVersion) -> Any:
    return html.A(
        [icon("tabler:download", 14), "Model"],
        href=f"/api/v1/models/{one.model_name}/versions/{one.number}/bundle",
        className="sonde-file sonde-small",
        download="",
        **{"aria-label": f"Download version {one.number}"},
    )


def _lineage(one: ModelVersion) -> Any:
    lineage = one.lineage
    experiment: Any = html.Span(f"{lineage.experiment_title} (deleted since)")
    if one.experiment_is_there:
        href = f"/experiment/{lineage.experiment_id}/results"
        experiment = dmc.Anchor(lineage.experiment_title, href=href, size="sm")
    channels, samples = one.window_shape
    split = " ".join((lineage.policy_title, lineage.split_detail.replace("_", " "))).strip()
    return facts(
        [
            ("Data", lineage.ref_title),
            ("Data hash", html.Code(lineage.data_hash[:16] or "–")),
            ("Split", split),
            ("Certificate", lineage.certificate.capitalize()),
            ("Test samples", html.Code(lineage.test_key[:16] or "not kept")),
            ("Experiment", experiment),
            ("Model hash", html.Code(lineage.model_hash[:16])),
            ("Takes", f"{one.eats} of {channels} × {samples:,} samples"),
            ("Sampling rate", f"{one.sampling_rate_hz:,.0f} Hz"),
            ("Classes", ", ".join(one.class_names)),
            ("Size", f"{one.n_bytes / 1024:,.0f} kB"),
            ("Libraries", ", ".join(f"{name} {v}" for name, v in lineage.versions.items())),
        ]
    )


def _alias_form(model: RegisteredModel) -> Any:
    free = [alias for alias in sorted(model.aliases) if alias != CHAMPION]
    rows = [
        html.Li(
            [
                alias_badge(alias),
                html.Span(f"is version {model.aliases[alias]}"),
                dmc.Button(
                    "Take away",
                    id=act("drop", alias),
                    size="compact-xs",
                    variant="default",
                    **{"aria-label": f"Take the alias {alias} away"},
                ),
            ]
        )
        for alias in free
    ]
    living = _numbers(model.versions)
    fields = html.Div(
        [
            dmc.TextInput(id=RegistryId.ALIAS, label="Alias", placeholder="shadow", w=180),
            dmc.Select(
                id=RegistryId.ALIAS_VERSION,
                label="Version",
                data=living,
                value=living[0]["value"] if living else None,
                allowDeselect=False,
                w=130,
            ),
            dmc.Button("Set alias", id=act("alias"), variant="default"),
        ],
        className="sonde-row",
        style={"alignItems": "flex-end"},
    )
    return card(
        stack([html.Ul(rows, className="sonde-plain-list"), fields]) if rows else fields,
        title="Aliases",
        description="Names that programs may ask for instead of a number. The champion is "
        "promoted, not set.",
    )


def _purpose_form(model: RegisteredModel) -> Any:
    field = dmc.TextInput(
        id=RegistryId.DESCRIPTION,
        value=model.description,
        inputProps={"maxLength": 2000},
        className="sonde-grow",
        **{"aria-label": "What it is for"},
    )
    save = dmc.Button("Save", id=act("describe"), variant="default")
    return card(
        html.Div([field, save], className="sonde-row"),
        title="What it is for",
        description="Stands under the name, for those who look for a model.",
    )


def _numbers(versions: Sequence[ModelVersion]) -> list[dict[str, str]]:
    return [
        {"value": str(one.number), "label": f"Version {one.number}"}
        for one in versions
        if not one.is_archived
    ]
