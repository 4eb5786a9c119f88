"""Where files are dropped on a page, and what came."""

import base64
import binascii
from typing import Any

from dash import dcc, html

from sonde.platform.core.errors import Unreadable
from sonde.platform.ui.icons import icon


def drop_area(id: str, what: str, hint: str, **properties: Any) -> Any:
    """Return the field into which a file is dropped; `hint` says which ones are taken."""
    area = html.Div(
        [
            icon("tabler:upload", 22),
            html.Div(f"Drop {what} here, or choose one"),
            html.Div(hint, className="sonde-dim"),
        ],
        className="sonde-quiet",
    )
    return dcc.Upload(area, id=id, className="sonde-drop", **properties)


def uploaded(contents: str) -> bytes:
    """Return the file that `dcc.Upload` tells as a data URL; raises Unreadable."""
    try:
        return base64.b64decode(contents.partition(",")[2], validate=True)
    except binascii.Error:
        raise Unreadable("This upload did not arrive whole; choose the file again.") from None
