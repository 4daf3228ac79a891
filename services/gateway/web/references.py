"""Records that a form refers to, as the API names them."""

from shared.errors import MalformedError
from shared.ids import RecordId


def reference(spelled: str) -> dict[str, str]:
    """`{"person_id": ...}` and the like. Raises MalformedError for an id that no page of ours offers."""
    try:
        kind = RecordId.parse(spelled).kind
    except ValueError:
        raise MalformedError("The form names a record by what is no id.") from None
    return {f"{kind.value}_id": spelled}
