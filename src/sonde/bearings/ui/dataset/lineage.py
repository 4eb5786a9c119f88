"""Where a data set comes from and what came of it: three columns with links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.datasets import Dataset
from sonde.bearings.ui.naming import ORIGINS
from sonde.platform.ui.components import card
from sonde.platform.ui.icons import icon
from sonde.platform.ui.wording import count, percent

_SHOWN: Final = 8
_FILTERS: Final = {
    "labels": "classes",
    "severities": "severities",
    "bearings": "bearings",
    "sessions": "sessions",
    "loads": "loads",
    "fault_sizes": "fault sizes",
    "speeds_rpm": "speeds",
    "text": "words",
}


@dataclass(frozen=True)
class Kin:
    """One thing beside the data set: what it is, its name, where it is, a remark."""

    icon: str
    name: str
    href: str = ""
    remark: str = ""


def lineage_card(dataset: Dataset, before: Sequence[Kin], after: Sequence[Kin]) -> Any:
    """Return the data set between what it was made from and what was made of it."""
    here = Kin("tabler:database", dataset.name, remark=f"{count(dataset.n_recordings)} signals")
    columns = [
        _column("Made from", before or [Kin("tabler:file-import", _origin(dataset))]),
        html.Span(icon("tabler:arrow-right", 18), className="sonde-lineage-arrow"),
        _column("This data set", [here], here=True),
        html.Span(icon("tabler:arrow-right", 18), className="sonde-lineage-arrow"),
        _column("Made of it", after or [Kin("tabler:minus", "nothing yet")]),
    ]
    return card(html.Div(columns, className="sonde-lineage"), title="Lineage")


def _origin(dataset: Dataset) -> str:
    word = ORIGINS.get(dataset.origin, dataset.origin)
    return {"imported": "Imported files", "sample": "The sample project"}.get(
        word, word.capitalize()
    )


def _column(title: str, kin: Sequence[Kin], *, here: bool = False) -> Any:
    rows = [html.Li(_kin(one), className="is-here" if here else "") for one in kin[:_SHOWN]]
    if len(kin) > _SHOWN:
        rows.append(html.Li(f"and {len(kin) - _SHOWN} more", className="sonde-dim"))
    return html.Div([html.H3(title), html.Ul(rows)], className="sonde-lineage-column")


def _kin(one: Kin) -> list[Any]:
    name = dmc.Anchor(one.name, href=one.href, size="sm") if one.href else html.Span(one.name)
    remark = [html.Span(one.remark, className="sonde-dim sonde-small")] if one.remark else []
    return [icon(one.icon, 15), html.Span([name, *remark], className="sonde-lineage-words")]


def sources_kin(dataset: Dataset, sources: Sequence[Dataset], n_lost: int) -> list[Kin]:
    """Return what a data set was made from."""
    made_from = dataset.made_from
    found = [
        Kin("tabler:database", one.name, f"/datasets/{one.id}", filter_text(made_from))
        for one in sources
    ]
    if n_lost:
        what = "A data set that is" if n_lost == 1 else f"{n_lost} data sets that are"
        found.append(Kin("tabler:trash", f"{what} deleted"))
    if made_from.get("generation"):
        href = f"/data-generation?generation={made_from['generation']}"
        found.append(Kin("tabler:wave-sine", "A simulation", href))
    if made_from.get("import"):
        href = f"/datasets/import/{made_from['import']}"
        found.append(Kin("tabler:file-import", "An import", href))
    return found


def filter_text(made_from: Mapping[str, Any]) -> str:
    """Say in words which part of a data set was taken; empty for all of it.

    Examples
    --------
    >>> filter_text({"filter": {"labels": ["inner"], "ranges": [{"key": "rms", "low": 1}]}})
    'classes inner; rms from 1'
    """
    said = []
    for name, value in made_from.get("filter", {}).items():
        if name == "ranges":
            said += [_range_text(one) for one in value]
        elif name == "ids":
            said.append(f"{len(value)} chosen recordings")
        elif name == "has_findings":
            said.append("with findings" if value else "without findings")
        else:
            words = value if isinstance(value, str) else ", ".join(str(one) for one in value)
            said.append(f"{_FILTERS.get(name, name)} {words}")
    return "; ".join(said)


def _range_text(one: Mapping[str, Any]) -> str:
    low = f" from {one['low']:g}" if one.get("low") is not None else ""
    high = f" to {one['high']:g}" if one.get("high") is not None else ""
    return f"{one['key']}{low}{high}"


def score_text(macro_f1: float | None) -> str:
    """Say how good an experiment is."""
    return "" if macro_f1 is None else f"macro-F1 {percent(macro_f1)}"
