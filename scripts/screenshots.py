"""Make the pictures of the documents from the running product and its sample project.

``python scripts/screenshots.py LINK`` with the one-time sign-in link that ``sonde up`` printed, or
the one of ``sonde users link``. Features that were not extracted yet are asked for first.
"""

import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from playwright.sync_api import APIRequestContext, Page, sync_playwright

IMAGES = Path(__file__).parents[1] / "docs" / "images"
SIZE = {"width": 1440, "height": 900}
PATIENCE_S = 120


def pages(api: APIRequestContext, base: str) -> Iterator[tuple[str, str]]:
    """Return name and path of every picture; ids are those of the sample project."""
    sets = api.get(f"{base}/api/v1/datasets").json()["items"]
    journal = next(one["id"] for one in sets if "journal" in one["name"])
    rolling = next(one["id"] for one in sets if "rolling" in one["name"])
    found = api.get(f"{base}/api/v1/datasets/{rolling}/recordings?limit=100").json()["items"]
    outer = next(one["id"] for one in found if one["label"] == "outer")
    extract(api, base, journal)
    yield "home", "/"
    yield "data-generation", "/data-generation"
    yield "import", "/datasets/import"
    yield "datasets", "/datasets"
    yield "dataset", f"/datasets/{journal}"
    yield "data-explorer", f"/data-explorer?dataset={journal}&tab=spectral"
    yield "signal-viewer", f"/signal-viewer/{outer}?view=envelope"
    yield "features", f"/feature-engineering?dataset={journal}&tab=distributions"
    yield "condition", demonstration(api, base)
    yield from learning_pages(api, base, rolling)


def learning_pages(api: APIRequestContext, base: str, dataset: str) -> Iterator[tuple[str, str]]:
    """Train a forest and a small network beside the sample experiment; return their pages."""
    sample = api.get(f"{base}/api/v1/experiments").json()["items"][-1]["id"]
    forest = train(api, base, {"dataset": dataset, "model": "random-forest"})
    training = {"epochs": 12, "batch_size": 16, "early_stopping": False}
    network = {"dataset": dataset, "model": "cnn-1d", "training": training}
    network_id = train(api, base, network)
    send(api, base, "/api/v1/models", {"name": "bearing-faults", "experiment_id": sample})
    yield "new-experiment", f"/experiment/new?dataset={dataset}&model=cnn-1d"
    yield "monitor", f"/experiment/{network_id}/monitor"
    yield "result", f"/experiment/{sample}/results"
    yield "experiments", "/experiments"
    yield "compare", f"/compare?ids={sample},{forest},{network_id}"
    yield "evaluation", f"/evaluation?experiment={sample}&tab=calibration"
    yield "visualization", f"/visualization?experiment={network_id}"
    yield "models", "/models"


def send(
    api: APIRequestContext, base: str, path: str, body: Mapping[str, object]
) -> dict[str, object]:
    """Return the answer to a change."""
    cookies = api.storage_state()["cookies"]
    token = next((one["value"] for one in cookies if one["name"] == "_csrf_token"), "")
    headers = {"X-CSRFToken": token, "Origin": base}
    answer: dict[str, object] = api.post(base + path, headers=headers, data=dict(body)).json()
    return answer


def train(api: APIRequestContext, base: str, body: Mapping[str, object]) -> str:
    """Train an experiment and return its id when it is finished."""
    made = send(api, base, "/api/v1/experiments", body)
    experiment_id = str(dict(made["summary"])["id"])  # type: ignore[call-overload]
    for _ in range(PATIENCE_S):
        found = api.get(f"{base}/api/v1/experiments/{experiment_id}").json()
        if found["summary"]["state"] not in {"queued", "running"}:
            break
        time.sleep(1)
    return experiment_id


def extract(api: APIRequestContext, base: str, dataset_id: str) -> None:
    """Extract the features of a data set and wait until they are there."""
    place = f"{base}/api/v1/features/datasets/{dataset_id}"
    send(api, base, f"/api/v1/features/datasets/{dataset_id}/extraction", {})
    for _ in range(PATIENCE_S):
        if api.get(f"{place}/extraction").json().get("is_ready"):
            return
        time.sleep(1)


def demonstration(api: APIRequestContext, base: str) -> str:
    """Return the path of the first channel that was measured, else of the page alone."""
    found = api.get(f"{base}/api/v1/condition/machines").json()
    channels = [one["id"] for one in found if one["kind"] == "channel"]
    return f"/condition?node={channels[0]}" if channels else "/condition"


def take(page: Page, link: str) -> None:
    """Sign in by `link` and take each picture."""
    base = link.split("/sign-in", maxsplit=1)[0]
    page.goto(link)
    page.click("button")
    page.wait_for_load_state()
    for name, path in pages(page.context.request, base):
        page.goto(base + path)
        if name == "visualization":
            page.get_by_role("button", name="Look").click()
        if name in {"evaluation", "visualization"}:  # a job answers
            page.wait_for_selector("main .js-plotly-plot", timeout=1000 * PATIENCE_S)
        page.wait_for_timeout(5000)
        page.screenshot(path=IMAGES / f"{name}.png")


def main(link: str) -> None:
    """Open a browser and take the pictures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        take(browser.new_context(viewport=SIZE).new_page(), link)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
