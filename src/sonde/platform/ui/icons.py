"""Icons: Tabler's, from the script under ``assets``; never from the internet."""

from typing import Any

from dash_iconify import DashIconify


def icon(name: str, size: int = 18, **properties: Any) -> DashIconify:
    """Return an icon by name, such as ``"tabler:database"``; it is decoration, not a label."""
    return DashIconify(icon=name, width=size, height=size, **properties)
