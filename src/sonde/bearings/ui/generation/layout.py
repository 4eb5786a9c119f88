"""The page that makes data as components: what is wanted at the left, what comes of it beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.simulate.plan import (
    CLASSES,
    JOURNAL,
    ORIGINAL,
    PRESETS,
    REPAIRED,
    ROLLING,
    ROTOR,
    GenerationConfig,
)
from sonde.bearings.ui.generation.fields import CLASS_TITLES, section_body
from sonde.bearings.ui.generation.ids import MakeId
from sonde.bearings.ui.generation.preview import making_card, preview_card
from sonde.bearings.ui.generation.recent import Made, progress_cards, recent_card
from sonde.bearings.ui.generation.sections import Section, sections_of
from sonde.platform.ui.components import PageView, card
from sonde.platform.ui.icons import icon

MAKE_PATH: Final = "/data-generation"
IMPORT_PATH: Final = "/data-generation/import"
TITLE: Final = "Data generation"
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {JOURNAL: "Journal bearing", ROLLING: "Rolling bearing", ROTOR: "Rotor on oil film"}
)
_EQUATIONS: Final = (
    {"value": REPAIRED, "label": "Repaired equations"},
    {"value": ORIGINAL, "label": "The original's, frozen"},
)
_OPEN: Final = ["content", "machine"]


@dataclass(frozen=True)
class Wanted:
    """What the form shows, and where it came from.

    Parameters
    ----------
    config : GenerationConfig
    preset, saved, generation : str
        Name or id of the source; at most one is given.
    saved_names : tuple of str
        Of the person's own configurations.
    """

    config: GenerationConfig
    preset: str = ""
    saved: str = ""
    generation: str = ""
    saved_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class MakeView:
    """Everything that the page shows.

    Parameters
    ----------
    wanted : Wanted
    now : datetime
    made : sequence of (Generation, Job or None)
        The newest generations.
    chosen_job : str
        Of the generation whose configuration is shown.
    """

    wanted: Wanted
    now: datetime
    made: Sequence[Made] = field(default=())
    chosen_job: str = ""


def make_view(view: MakeView) -> PageView:
    """Return the page."""
    under_way = progress_cards(view.made, view.chosen_job)
    side = [
        preview_card(view.wanted.config),
        html.Div(under_way, id=MakeId.PROGRESS, className="sonde-stack sonde-maybe"),
        making_card(suggested_name(view.wanted, view.now)),
    ]
    body = [
        *_stores(view.chosen_job),
        tabs(MAKE_PATH),
        html.Div(
            [
                html.Div(form(view.wanted), id=MakeId.FORM, className="sonde-stack"),
                html.Div(side, className="sonde-sticky sonde-stack"),
            ],
            className="sonde-workbench",
        ),
        html.Div(recent_card(view.made), id=MakeId.RECENT),
    ]
    return PageView(TITLE, body, description=DESCRIPTION)


DESCRIPTION: Final = "Simulate recordings whose faults are known, or import measured ones."


def tabs(path: str) -> Any:
    """Return the way between the two sources of data."""
    links = (
        (MAKE_PATH, "Simulate", "tabler:wave-sine"),
        (IMPORT_PATH, "Import", "tabler:file-import"),
    )
    return html.Nav(
        [
            dmc.Anchor(
                [icon(name, 16), text],
                href=target,
                underline="never",
                className="sonde-tab is-on" if target == path else "sonde-tab",
                **({"aria-current": "page"} if target == path else {}),
            )
            for target, text, name in links
        ],
        className="sonde-tabs",
        **{"aria-label": "Source of the data"},
    )


def form(wanted: Wanted) -> list[Any]:
    """Return everything that decides the data."""
    config = wanted.config
    sections = sections_of(config)
    accordion = dmc.Accordion(
        [_section(one, config) for one in sections],
        multiple=True,
        value=_OPEN,
        variant="separated",
        className="sonde-sections",
        order=2,
    )
    base = {
        "kind": config.kind,
        "equations": config.equations,
        "classes": list(CLASSES[config.kind]),
    }
    return [dcc.Store(id=MakeId.BASE, data=base), card(_toolbar(wanted)), accordion]


def suggested_name(wanted: Wanted, now: datetime) -> str:
    """Return a name for the data set, free by its minute."""
    return f"{KINDS[wanted.config.kind]}, {now:%d %b %H:%M}"


def _stores(chosen_job: str) -> list[Any]:
    return [
        dcc.Store(id=MakeId.WANTED),
        dcc.Store(id=MakeId.CONFIG),
        dcc.Store(id=MakeId.TITLES, data=dict(CLASS_TITLES)),
        dcc.Store(id=MakeId.VERDICT),
        dcc.Store(id=MakeId.VISITED),
        dcc.Store(id=MakeId.STARTED, data=chosen_job),
        dcc.Store(id=MakeId.SHOWN),
    ]


def _section(section: Section, config: GenerationConfig) -> Any:
    head = html.Div(
        [
            html.Span(section.title, className="sonde-card-title"),
            html.Span(section.text, className="sonde-dim"),
        ],
        className="sonde-section-head",
    )
    return dmc.AccordionItem(
        [dmc.AccordionControl(head), dmc.AccordionPanel(section_body(section, config))],
        value=section.name,
    )


def _toolbar(wanted: Wanted) -> list[Any]:
    config = wanted.config
    kind = dmc.SegmentedControl(
        id=MakeId.KIND,
        data=[{"value": name, "label": text} for name, text in KINDS.items()],
        value=config.kind,
        fullWidth=True,
        size="sm",
        className="sonde-wrapping",
        **{"aria-label": "Kind of bearing"},
    )
    equations = dmc.Select(
        id=MakeId.EQUATIONS,
        label="Equations",
        data=list(_EQUATIONS),
        value=config.equations,
        allowDeselect=False,
        display="block" if config.kind == JOURNAL else "none",
    )
    fields = html.Div(
        [_presets(wanted), _saved(wanted), equations], className="sonde-form is-dense"
    )
    return [html.Div([kind, fields, _help(wanted)], className="sonde-stack")]


def _help(wanted: Wanted) -> Any:
    words = PRESETS[wanted.preset].help if wanted.preset else ""
    if wanted.generation:
        words = "The configuration of an earlier generation. Change it, or make it again."
    return html.Div(words, className="sonde-dim") if words else None


def _presets(wanted: Wanted) -> Any:
    groups = [
        {
            "group": text,
            "items": [
                {"value": one.name, "label": one.title}
                for one in PRESETS.values()
                if one.config.kind == kind
            ],
        }
        for kind, text in KINDS.items()
    ]
    return dmc.Select(
        id=MakeId.PRESET,
        label="Begin with a preset",
        placeholder="Choose a preset",
        data=groups,
        value=wanted.preset or None,
        allowDeselect=False,
        maxDropdownHeight=360,
    )


def _saved(wanted: Wanted) -> Any:
    choose = dmc.Select(
        id=MakeId.SAVED,
        label="Saved configurations",
        placeholder="Choose one of yours" if wanted.saved_names else "None yet",
        data=list(wanted.saved_names),
        value=wanted.saved or None,
        allowDeselect=False,
        searchable=True,
        style={"flex": "1"},
    )
    save = dmc.Popover(
        [
            dmc.PopoverTarget(
                dmc.Button("Save", variant="default", leftSection=icon("tabler:download", 15))
            ),
            dmc.PopoverDropdown(_save_form(wanted)),
        ],
        width=300,
        position="bottom-end",
        withArrow=True,
        shadow="md",
        trapFocus=True,
    )
    return html.Div([choose, save], className="sonde-beside")


def _save_form(wanted: Wanted) -> Any:
    forget = dmc.Button(
        "Forget it",
        id=MakeId.FORGET,
        variant="subtle",
        color="red",
        size="compact-sm",
        display="block" if wanted.saved else "none",
    )
    return html.Div(
        [
            dmc.TextInput(
                id=MakeId.SAVE_NAME,
                label="Name",
                value=wanted.saved,
                description="One of that name is replaced.",
                inputProps={"maxLength": 120},
            ),
            html.Div(
                [forget, dmc.Button("Save configuration", id=MakeId.SAVE, size="compact-sm")],
                className="sonde-row sonde-end",
            ),
        ],
        className="sonde-stack",
    )
