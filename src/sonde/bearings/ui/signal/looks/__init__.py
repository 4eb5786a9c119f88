"""From a state of the page to what its view shows: the only place where views meet services."""
