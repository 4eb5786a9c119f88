"""The request that measures a channel from a script."""

from urllib.parse import urlsplit


def rest_example(href: str, channel_id: str) -> str:
    r"""Return a command that sends one recording to a channel.

    Examples
    --------
    >>> print(rest_example("https://sonde.example/condition?node=01J", "01J").splitlines()[0])
    curl -X POST https://sonde.example/api/v1/condition/channels/01J/measurements \
    """
    parts = urlsplit(href)
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    lines = (
        f"curl -X POST {origin}/api/v1/condition/channels/{channel_id}/measurements",
        "  -b 'sonde=YOUR_SESSION' -H 'X-CSRFToken: YOUR_TOKEN'",
        "  -H 'Idempotency-Key: pump-3-2026-01-31T14:05'",
        "  -F file=@recording.csv -F taken_at=2026-01-31T14:05:00Z",
        "  -F sampling_rate_hz=12000 -F speed_rpm=1480",
    )
    return " \\\n".join(lines)
