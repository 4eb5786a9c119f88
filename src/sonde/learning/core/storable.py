"""What people and programs send as a document, before it is put into the database."""

import json
from collections.abc import Mapping
from typing import Any

from sonde.platform.core.errors import Invalid, TooLarge

LARGEST = 100_000


def require_storable(document: Mapping[str, Any], noun: str) -> None:
    """Check that a JSON document is of a decent size and holds texts only that can be kept.

    Parameters
    ----------
    document : mapping
    noun : str
        What it is called in the sentence.

    Raises
    ------
    TooLarge
        Beyond 100,000 characters.
    Invalid
        If it holds a NUL or half a character, or is nested without end.

    Examples
    --------
    >>> require_storable({"window": 12000, "unit": "m/s²"}, "Options")
    """
    try:
        text = json.dumps(dict(document), ensure_ascii=False)
        text.encode()
    except (RecursionError, UnicodeEncodeError):
        raise Invalid(f"{noun} hold something that cannot be kept.") from None
    if "\\u0000" in text:
        raise Invalid(f"{noun} hold no NUL character.")
    if len(text) > LARGEST:
        raise TooLarge(f"{noun} have at most {LARGEST:,} characters in all.", limit=LARGEST)
