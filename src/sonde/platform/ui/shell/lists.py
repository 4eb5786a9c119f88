"""What stands under the tray and under the bell."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.platform.core.jobs import Job
from sonde.platform.core.notifications import Notification
from sonde.platform.ui.icons import icon
from sonde.platform.ui.jobs.card import job_card
from sonde.platform.ui.wording import ago


def tray_list(jobs: Sequence[Job]) -> Any:
    """Return the running and queued jobs."""
    if not jobs:
        return _quiet("tabler:stack-2", "No job is running")
    return [job_card(job, "tray") for job in jobs]


def bell_list(notifications: Sequence[Notification]) -> Any:
    """Return the newest notifications."""
    if not notifications:
        return _quiet("tabler:bell", "Nothing new")
    return [_notification(one) for one in notifications]


def _notification(one: Notification) -> Any:
    words = [html.Div(one.title, className="sonde-strong")]
    if one.body:
        words.append(html.Div(one.body, className="sonde-dim"))
    words.append(html.Div(ago(one.created_at), className="sonde-dim sonde-small"))
    mark = html.Span(className="sonde-dot" if not one.is_read else "sonde-dot is-read")
    content = html.Div([mark, html.Div(words)], className="sonde-notification")
    if not one.link:
        return content
    return dmc.Anchor(content, href=one.link, underline="never", className="sonde-plain-link")


def _quiet(icon_name: str, text: str) -> Any:
    return html.Div([icon(icon_name, 22), html.Span(text)], className="sonde-quiet")
