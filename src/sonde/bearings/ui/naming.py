"""What data sets and their sizes are called on every page."""

from typing import Final

from sonde.platform.ui.wording import count

ORIGINS: Final = {
    "import": "imported",
    "generation": "simulated",
    "sample": "sample",
    "subset": "part",
    "merge": "merged",
}


def size_text(size_bytes: int) -> str:
    """Write a size.

    Examples
    --------
    >>> size_text(2_500_000), size_text(1200)
    ('2.5 MB', '1 kB')
    """
    if size_bytes < 1_000_000:
        return f"{count(round(size_bytes / 1e3))} kB"
    if size_bytes < 1_000_000_000:
        return f"{size_bytes / 1e6:,.1f} MB"
    return f"{size_bytes / 1e9:,.1f} GB"
