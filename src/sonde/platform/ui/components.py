"""What pages are built from: cards, facts, badges, and the states of a page without content."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone


@dataclass(frozen=True)
class PageView:
    """What a page's ``layout`` returns; the shell draws the head and the breadcrumbs.

    Parameters
    ----------
    title : str
        Heading and browser tab.
    body : component or list of components
    description : str
        One line under the heading.
    actions : sequence of components
        Buttons at the right of the heading; the most important one last.
    marks : sequence of components
        Badges beside the heading.
    crumb : str
        Short name in the breadcrumbs; the title if empty.
    """

    title: str
    body: Any
    description: str = ""
    actions: Sequence[Any] = field(default=())
    marks: Sequence[Any] = field(default=())
    crumb: str = ""


@dataclass(frozen=True)
class Trend:
    """How a figure moved: the change in words, and whether that is good."""

    text: str
    tone: Tone = Tone.NEUTRAL
    icon: str = "tabler:minus"


def rising(text: str, tone: Tone = Tone.GOOD) -> Trend:
    """Return a trend that went up."""
    return Trend(text, tone, "tabler:trending-up")


def card(
    children: Any,
    *,
    title: str = "",
    description: str = "",
    actions: Sequence[Any] = (),
    **properties: Any,
) -> Any:
    """Return a panel with an optional heading."""
    head = []
    if title:
        words = [html.H2(title, className="sonde-card-title")]
        if description:
            words.append(html.P(description, className="sonde-dim"))
        head = [
            html.Div(
                [html.Div(words), html.Div(list(actions), className="sonde-row")],
                className="sonde-card-head",
            )
        ]
    body = children if isinstance(children, list) else [children]
    properties.setdefault("className", "sonde-card")
    return html.Section([*head, *body], **properties)


def stat_card(
    label: str,
    value: str,
    *,
    icon_name: str,
    trend: Trend | None = None,
    hint: str = "",
    href: str = "",
    mark: Any = None,
) -> Any:
    """Return one figure with its name, where it is going, and the way to more."""
    top = html.Div(
        [html.Span(label, className="sonde-stat-label"), icon(icon_name, 18)],
        className="sonde-stat-top",
    )
    middle = html.Div([html.Span(value, className="sonde-stat-value"), mark], className="sonde-row")
    below = _trend(trend) if trend else html.Span(hint, className="sonde-dim")
    content = html.Div([top, middle, below], className="sonde-card sonde-stat")
    if not href:
        return content
    return dmc.Anchor(content, href=href, underline="never", className="sonde-stat-link")


def _trend(trend: Trend) -> Any:
    return html.Span(
        [icon(trend.icon, 14), html.Span(trend.text)],
        className=f"sonde-trend is-{trend.tone.value}",
    )


def badge(text: str, tone: Tone = Tone.NEUTRAL, *, icon_name: str = "", hint: str = "") -> Any:
    """Return a short mark; colour is never its only meaning."""
    mark = dmc.Badge(
        text,
        color=tone.value,
        variant="light",
        className=f"sonde-badge is-{tone.value}",
        leftSection=icon(icon_name, 13) if icon_name else None,
    )
    return dmc.Tooltip(mark, label=hint, multiline=True, maw=320) if hint else mark


def facts(pairs: Sequence[tuple[str, Any]]) -> html.Dl:
    """Return names and values in two columns."""
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(value)]) for name, value in pairs],
        className="sonde-facts",
    )


def button_link(text: str, href: str, *, icon_name: str = "", variant: str = "default") -> Any:
    """Return a link that looks like a button."""
    mark = [icon(icon_name, 16)] if icon_name else []
    return dmc.Anchor(
        html.Span([*mark, text], className=f"sonde-button is-{variant}"),
        href=href,
        underline="never",
        className="sonde-button-link",
    )


def note(text: Any, tone: Tone = Tone.INFO, *, title: str = "", icon_name: str = "") -> Any:
    """Return a remark that belongs to the page, not to a moment."""
    return dmc.Alert(
        text,
        title=title or None,
        color=tone.value,
        variant="light",
        icon=icon(icon_name or _NOTE_ICONS[tone], 18),
        className="sonde-note",
    )


_NOTE_ICONS = {
    Tone.GOOD: "tabler:circle-check",
    Tone.WARN: "tabler:alert-triangle",
    Tone.BAD: "tabler:alert-circle",
    Tone.INFO: "tabler:info-circle",
    Tone.NEUTRAL: "tabler:info-circle",
}


def empty_state(
    title: str, text: str, *, icon_name: str = "tabler:inbox", actions: Sequence[Any] = ()
) -> Any:
    """Return what stands where there is nothing yet, with the way to the first thing."""
    return _state(title, text, icon_name, actions)


def loading_state(lines: int = 4) -> Any:
    """Return a placeholder while content is on its way."""
    bones = [dmc.Skeleton(height=14, width=f"{95 - 11 * (n % 4)}%") for n in range(lines)]
    return html.Div(bones, className="sonde-stack", role="status", **{"aria-label": "Loading"})


def error_state(title: str, text: str, *, request_id: str = "", actions: Sequence[Any] = ()) -> Any:
    """Return what stands where something failed, with the name of the request."""
    trace = [request_mark(request_id)] if request_id else []
    return _state(title, text, "tabler:plug-connected-x", [*actions], trace)


def request_mark(request_id: str) -> Any:
    """Return the request's name with a button that copies it."""
    return html.Div(
        [
            html.Span("Request "),
            html.Code(request_id),
            dmc.CopyButton(
                value=request_id,
                children="Copy",
                copiedChildren="Copied",
                size="compact-xs",
                variant="subtle",
                color="gray",
                copiedColor="teal",
            ),
        ],
        className="sonde-request",
    )


def _state(
    title: str, text: str, icon_name: str, actions: Sequence[Any], extra: Sequence[Any] = ()
) -> Any:
    return html.Div(
        [
            html.Div(icon(icon_name, 28), className="sonde-state-icon"),
            html.H2(title, className="sonde-state-title"),
            html.P(text, className="sonde-state-text"),
            html.Div(list(actions), className="sonde-row sonde-center"),
            *extra,
        ],
        className="sonde-state",
    )


def columns(children: Sequence[Any], *, minimum: int = 240, gap: str = "md") -> Any:
    """Return equal columns that wrap when they would be narrower than `minimum` pixels."""
    return html.Div(
        list(children),
        className=f"sonde-columns gap-{gap}",
        style={"--sonde-column": f"{minimum}px"},
    )


def stack(children: Sequence[Any]) -> Any:
    """Return things below each other with even room between them."""
    return html.Div(list(children), className="sonde-stack")


def split(main: Any, side: Any) -> Any:
    """Return a wide and a narrow column; below each other on small screens."""
    return html.Div([html.Div(main), html.Div(side)], className="sonde-split")
