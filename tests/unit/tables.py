"""Tables of (command, state) -> outcome, written as they stand in a decider's docstring."""


def cells(table: str) -> list[tuple[str, str, str]]:
    """(command, state, expected) for every cell below the head row."""
    lines = [line for line in table.splitlines() if line.strip()]
    head, *rows = [[word.strip() for word in line.split("|")] for line in lines]
    return [(row[0], head[at], row[at]) for row in rows for at in range(1, len(head))]
