"""What is promised, in words, and who shows it: this command, a client's record, or the tests."""

MEANINGS = {
    "I1": "positions have no gaps within an epoch",
    "I2": "events became visible in the order of positions",
    "I3": "versions of a record have no gaps",
    "I4": "the hash chain holds from the first event",
    "I5": "each command is applied once, and named with its event",
    "I6": "what was acknowledged is stored",
    "I7": "the stream holds what the store holds",
    "I8": "the stream is not ahead of the store",
    "I9": "no projection is ahead of its source",
    "I10": "the read model equals a fold of all events",
    "I11": "feeds tell each change once by its id",
    "I12": "a mirror's sequence is the site's position",
    "I13": "two relays or projectors change no outcome",
    "I14": "epochs never fall, no position comes twice",
    "HEADS": "the chain holds every signed head",
}
# Seen by one walk along a store, and by one along its stream.
OF_STORES = ("I1", "I2", "I3", "I4", "I5", "I14")
OF_STREAMS = ("I7", "I8")
# Why nobody can check these here and now.
ELSEWHERE = {
    "I6": "needs a client's record: --acknowledged FILE",
    "I10": "takes a rebuild: ./parley rebuild --check",
    "I11": "shown by tests of the feed under disconnects and kills",
    "I12": "this site has no mirrors",
    "I13": "shown by tests with two relays and two projectors",
    "HEADS": "needs heads that somebody kept: --against FILE",
}


def in_order(invariant: str) -> tuple[bool, int]:
    """Sorts by number, what has none last."""
    return (invariant == "HEADS", 0 if invariant == "HEADS" else int(invariant[1:]))
