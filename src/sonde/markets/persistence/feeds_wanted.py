"""Whether a live feed is wanted, asked without the machinery of tables: the asker stays small."""


def is_any_wanted(database_url: str) -> bool:
    """Say whether any live feed is switched on; False while the database does not answer."""
    import psycopg

    try:
        with psycopg.connect(database_url.replace("+psycopg", ""), connect_timeout=5) as asking:
            found = asking.execute("select exists (select from markets_feeds where is_on)")
            row = found.fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])
