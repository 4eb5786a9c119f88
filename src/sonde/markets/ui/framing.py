"""The place of the desk's sidebar in every page of the desk."""

from typing import Any


def framed(content: Any) -> list[Any]:
    """Return the content of a page as it stands beside the sidebar."""
    return content if isinstance(content, list) else [content]
