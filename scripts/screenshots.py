"""Make the pictures of the documents from the running product.

``python scripts/screenshots.py LINK`` with the one-time sign-in link that ``sonde up`` printed, or
the one of ``sonde users link``.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parents[1] / "docs" / "images"
PAGES = {"home": "/"}
SIZE = {"width": 1440, "height": 900}


def main(link: str) -> None:
    """Sign in by `link` and take each picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_context(viewport=SIZE).new_page()
        page.goto(link)
        page.click("button")
        for name, path in PAGES.items():
            page.goto(link.split("/sign-in", maxsplit=1)[0] + path)
            page.wait_for_timeout(4000)
            page.screenshot(path=IMAGES / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
