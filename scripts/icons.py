"""Write the icons that the product uses into one script, from npm's ``@iconify-json/tabler``.

Run after using a new icon, with the package's ``icons.json`` (npm pack @iconify-json/tabler)::

    python scripts/icons.py path/to/icons.json

Node is needed for nothing else, and not for installing or running the product.
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "src" / "sonde" / "platform" / "ui" / "assets" / "early" / "icons.js"
NAME = re.compile(r"tabler:([a-z0-9-]+)")


def used_icons() -> list[str]:
    """Return the names of the icons that the source mentions."""
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    return sorted(set(NAME.findall(text)))


def script(icons: Mapping[str, object], names: list[str]) -> str:
    """Return the script that hands the icons to the page."""
    chosen = {name: icons[name] for name in names}
    data = {"prefix": "tabler", "width": 24, "height": 24, "icons": chosen}
    text = json.dumps([data], separators=(",", ":"), sort_keys=True)
    head = "// Tabler Icons (MIT, tabler.io/icons); written by scripts/icons.py\n"
    return f"{head}window.IconifyPreload = {text};\n"


if __name__ == "__main__":
    source = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    SCRIPT.write_text(script(source["icons"], used_icons()), encoding="utf-8")
