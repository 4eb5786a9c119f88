"""Whether the process of prices is wanted, asked without tables: the asker stays small."""

_WANTED = """
select exists (select from markets_feeds where is_on)
    or exists (select from markets_automations where state = 'running' and replay_id = '')
    or exists (
        select from markets_replays replay join markets_accounts account using (owner_id)
        where replay.is_playing and (
            exists (select from markets_watches where account_id = account.id)
            or exists (
                select from markets_automations
                where account_id = account.id and state = 'running'
            )
        )
    )
"""


def is_any_wanted(database_url: str) -> bool:
    """Say whether a live feed is on, a strategy runs, or a replay plays for an open trade.

    False while the database does not answer.
    """
    import psycopg

    try:
        with psycopg.connect(database_url.replace("+psycopg", ""), connect_timeout=5) as asking:
            row = asking.execute(_WANTED).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])
