"""The frame around every page: header, menu, palette, tray, bell."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde import __version__
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import Page
from sonde.platform.ui.icons import icon
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.shell.palette import palette_modal
from sonde.platform.ui.theme import THEME


def shell(actor: Actor, groups: Mapping[str, Sequence[Page]]) -> Any:
    """Return the whole frame for one person."""
    app = dmc.AppShell(
        [
            dmc.AppShellHeader(_header(actor), className="sonde-header"),
            dmc.AppShellNavbar(_navbar(groups), className="sonde-navbar"),
            dmc.AppShellMain(
                [
                    html.Div(id=ShellId.CONTENT, className="sonde-content", tabIndex=-1),
                    html.Footer(f"Sonde {__version__}", className="sonde-footer"),
                ],
                id="main",
            ),
        ],
        id=ShellId.APP,
        header={"height": 56},
        navbar={"width": 228, "breakpoint": "sm", "collapsed": {"mobile": True}},
        padding=0,
    )
    children = [
        html.A("Skip to content", href="#main", className="sonde-skip"),
        html.Div(id=ShellId.PROGRESS, className="sonde-progress"),
        html.Div(id=ShellId.OFFLINE, className="sonde-offline", role="status"),
        *_machinery(),
        app,
        palette_modal(),
        dmc.NotificationContainer(
            id=ShellId.TOASTS, position="bottom-right", limit=4, transitionDuration=150
        ),
    ]
    return dmc.MantineProvider(children, theme=THEME, defaultColorScheme="auto")


def _machinery() -> list[Any]:
    return [
        dcc.Location(id=ShellId.LOCATION, refresh="callback-nav"),
        dcc.Store(id=ShellId.VIEW),
        dcc.Store(id=ShellId.AGAIN),
        dcc.Store(id=ShellId.JOBS_HINT, data=0),
        dcc.Store(id=ShellId.JOBS_STATE),
        dcc.Store(id=ShellId.JOBS_CHANGED),
        dcc.Store(id=ShellId.NOTIFICATIONS_HINT, data=0),
        dcc.Store(id=ShellId.BELL_SEEN),
        dcc.Interval(id=ShellId.POLL, interval=15_000),
    ]


def _header(actor: Actor) -> Any:
    left = html.Div(
        [
            dmc.Burger(
                id=ShellId.BURGER, size="sm", hiddenFrom="sm", **{"aria-label": "Open the menu"}
            ),
            dmc.Anchor(
                [html.Img(src="/assets/mark.svg", width=26, height=26, alt=""), html.Span("Sonde")],
                href="/",
                underline="never",
                className="sonde-brand",
            ),
        ],
        className="sonde-row sonde-header-left",
    )
    right = html.Div([_tray(), _bell(), _theme_toggle(), _user_menu(actor)], className="sonde-row")
    return html.Div([left, _search_button(), right], className="sonde-header-inner")


def _search_button() -> Any:
    return html.Button(
        [
            icon("tabler:search", 16),
            html.Span("Search or jump to", className="sonde-search-text"),
            dmc.Kbd("Ctrl K", size="xs", className="sonde-search-key"),
        ],
        id=ShellId.PALETTE_OPEN,
        type="button",
        className="sonde-search",
        **{"aria-label": "Search or jump to, Ctrl K"},
    )


def _theme_toggle() -> Any:
    return dmc.ColorSchemeToggle(
        id=ShellId.THEME,
        lightIcon=icon("tabler:sun", 18),
        darkIcon=icon("tabler:moon", 18),
        variant="subtle",
        color="gray",
        size="lg",
        **{"aria-label": "Switch between light and dark"},
    )


def _header_icon(name: str, label: str) -> Any:
    return dmc.ActionIcon(
        icon(name, 18), variant="subtle", color="gray", size="lg", **{"aria-label": label}
    )


def _dropdown(identifier: ShellId, badge: ShellId, target: Any, content: Any) -> Any:
    indicator = dmc.Indicator(
        target, id=badge, label="", disabled=True, size=16, offset=5, color="sonde"
    )
    return dmc.Popover(
        [dmc.PopoverTarget(indicator), dmc.PopoverDropdown(content, className="sonde-dropdown")],
        id=identifier,
        width=380,
        position="bottom-end",
        shadow="lg",
        radius="md",
        keepMounted=True,
        trapFocus=False,
    )


def _tray() -> Any:
    head = html.Div(
        [html.H2("Jobs"), dmc.Anchor("All jobs", href="/jobs", size="sm")],
        className="sonde-drop-head",
    )
    content = [head, html.Div(id=ShellId.TRAY_LIST, className="sonde-drop-list")]
    target = _header_icon("tabler:stack-2", "Jobs")
    return _dropdown(ShellId.TRAY, ShellId.TRAY_BADGE, target, content)


def _bell() -> Any:
    read_all = dmc.Button(
        "Mark all as read", id=ShellId.BELL_READ_ALL, size="compact-sm", variant="subtle"
    )
    head = html.Div([html.H2("Notifications"), read_all], className="sonde-drop-head")
    content = [head, html.Div(id=ShellId.BELL_LIST, className="sonde-drop-list")]
    target = _header_icon("tabler:bell", "Notifications")
    return _dropdown(ShellId.BELL, ShellId.BELL_BADGE, target, content)


def _user_menu(actor: Actor) -> Any:
    initials = "".join(word[0] for word in actor.name.split()[:2]).upper() or "?"
    target = html.Button(
        dmc.Avatar(initials, radius="xl", size=30, color="sonde"),
        type="button",
        className="sonde-avatar",
        **{"aria-label": f"Account of {actor.name}"},
    )
    return dmc.Menu(
        [
            dmc.MenuTarget(target),
            dmc.MenuDropdown(
                [
                    html.Div(
                        [
                            html.Div(actor.name, className="sonde-strong"),
                            html.Div(actor.role.value.title(), className="sonde-dim"),
                        ],
                        className="sonde-menu-who",
                    ),
                    dmc.MenuDivider(),
                    dmc.MenuItem(
                        "Sign out", id=ShellId.SIGN_OUT, leftSection=icon("tabler:logout", 16)
                    ),
                    dmc.MenuItem(
                        "Sign out everywhere",
                        id=ShellId.SIGN_OUT_EVERYWHERE,
                        leftSection=icon("tabler:devices-off", 16),
                    ),
                ]
            ),
        ],
        position="bottom-end",
        width=220,
        shadow="lg",
    )


def _navbar(groups: Mapping[str, Sequence[Page]]) -> Any:
    sections = [
        html.Div(
            [
                html.Div(group, className="sonde-nav-group"),
                *[_nav_link(page, pages) for page in pages],
            ],
            role="group",
            **{"aria-label": group},
        )
        for group, pages in groups.items()
    ]
    return dmc.AppShellSection(
        dmc.ScrollArea(html.Nav(sections, **{"aria-label": "Main"}), type="auto"), grow=True
    )


def _nav_link(page: Page, group: Sequence[Page]) -> Any:
    """Return a link of the menu; the page above all others of its group is lit on itself only."""
    name = page.navigation.icon if page.navigation else ""
    others = [one.path for one in group if one is not page]
    is_above = bool(others) and all(path.startswith(f"{page.path}/") for path in others)
    return dmc.NavLink(
        label=page.title,
        href=page.path,
        active="exact" if page.path == "/" or is_above else "partial",
        leftSection=icon(name, 18),
        className="sonde-nav-link",
    )
