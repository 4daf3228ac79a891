"""Segments of addresses that are ids or verbs, told from those that are names of something else.

Without this `Allow` on a 405 would promise what only ever answers 404.
"""

from starlette.convertors import StringConvertor, register_url_convertor

from services.gateway.partner_api.kinds import KINDS

# Parts of a record that are read under its address: nobody posts to them.
READ = ("access", "content", "edges", "history", "messages", "reads", "removal")
# What is posted to beside the records of a kind: nobody reads them.
MADE = ("batch", "export", "import", *(way for api in KINDS for way in api.creators if way))


class Verb(StringConvertor):
    regex = f"(?!(?:{'|'.join(READ)})$)[^/]+"


class Record(StringConvertor):
    regex = f"(?!(?:{'|'.join(MADE)})$)[^/]+"


def verbs_of(one: str) -> str:
    """The path of all verbs of a record at `one`."""
    register_url_convertor("verb", Verb())
    return f"{one}/{{verb:verb}}"


def record_of(base: str) -> str:
    """The path of a record of the kind at `base`."""
    register_url_convertor("record", Record())
    return f"{base}/{{id:record}}"
