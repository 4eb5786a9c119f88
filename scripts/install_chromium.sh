#!/bin/sh
# Finds or installs Chromium for the browser tests: install_chromium.sh PYTHON
set -u
python=$1

if command -v chromium >/dev/null 2>&1; then
    exit 0
fi
if "$python" -c '
import sys
from pathlib import Path
from playwright.sync_api import sync_playwright
with sync_playwright() as running:
    sys.exit(not Path(running.chromium.executable_path).exists())
' 2>/dev/null; then
    exit 0
fi
if [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ] && ! grep -qi '^ID=ubuntu' /etc/os-release; then
    echo "Installing Chromium by apt ..."
    if apt-get install -y --no-install-recommends chromium ||
        { apt-get update && apt-get install -y --no-install-recommends chromium; }; then
        exit 0
    fi
fi
echo "Downloading Chromium with Playwright ..."
if "$python" -m playwright install chromium; then
    exit 0
fi
echo "The browser tests need Chromium: install the package chromium, or run: $python -m playwright install chromium" >&2
exit 1
