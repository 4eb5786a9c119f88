"""The split certificate, readable: what stood where, and what was on both sides."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.certificate import FoldSides, SplitCertificate
from sonde.learning.ui.marks import honesty_badge, split_title
from sonde.platform.ui.components import facts, note
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone

_SHOWN_LEAKS = 6


def certificate_panel(certificate: SplitCertificate) -> Any:
    """Return the certificate, folds folded away."""
    return html.Div(
        [
            html.Div(
                [
                    html.Span(split_title(certificate), className="sonde-strong"),
                    honesty_badge(certificate.is_honest),
                ],
                className="sonde-row sonde-between",
            ),
            html.P(certificate.summary, className="sonde-dim"),
            *_leaks(certificate),
            facts(_facts(certificate)),
            dmc.Accordion(
                [_fold(certificate, fold) for fold in certificate.folds],
                variant="default",
                className="sonde-folds",
                chevronSize=16,
            ),
        ],
        className="sonde-stack",
    )


def _facts(certificate: SplitCertificate) -> list[tuple[str, Any]]:
    noun = f"{certificate.group_noun}s".capitalize()
    return [
        (noun, f"{certificate.n_groups}"),
        ("Recordings", f"{certificate.n_recordings:,}"),
        ("Windows", f"{certificate.n_samples:,}"),
        ("Folds", f"{len(certificate.folds)}"),
        (
            "Honest for",
            ", ".join(map(certificate.title_of, certificate.honest_classes)) or "no class",
        ),
        ("Data", html.Code(certificate.data_hash[:12] or "–")),
    ]


def _leaks(certificate: SplitCertificate) -> list[Any]:
    if certificate.is_honest:
        return []
    shown = certificate.leaks[:_SHOWN_LEAKS]
    lines = [
        html.Li(
            f"{leak.kind.value.capitalize()} in {leak.fold}, "
            f"{certificate.title_of(leak.class_name)}: {leak.n_test_samples} windows "
            f"({leak.example})"
        )
        for leak in shown
    ]
    rest = len(certificate.leaks) - len(shown)
    if rest:
        lines.append(html.Li(f"and {rest} more"))
    return [note(html.Ul(lines, className="sonde-list"), Tone.WARN, title="Found on both sides")]


def _fold(certificate: SplitCertificate, fold: FoldSides) -> Any:
    noun = certificate.group_noun
    columns = (
        Column("Class"),
        Column(f"Train {noun}s", numeric=True),
        Column("windows", numeric=True),
        Column(f"Test {noun}s", numeric=True),
        Column("windows", numeric=True),
    )
    rows = [
        [
            certificate.title_of(side.class_name),
            side.n_train_groups,
            f"{side.n_train_samples:,}",
            side.n_test_groups,
            f"{side.n_test_samples:,}",
        ]
        for side in fold.classes
    ]
    tested = sorted({name for side in fold.classes for name in side.test_groups})
    names = html.P(f"Tested: {', '.join(tested)}", className="sonde-dim sonde-wrap")
    return dmc.AccordionItem(
        [
            dmc.AccordionControl(fold.name.replace("_", " ").capitalize()),
            dmc.AccordionPanel([plain_table(columns, rows), names]),
        ],
        value=fold.name,
    )
