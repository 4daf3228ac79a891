"""The document's paths of labels: the policy, translation, a record's label."""

from services.gateway.labelling.schemas import LabelTold, PolicyTold, TranslateLabel
from services.gateway.partner_api.openapi_parameters import path
from services.gateway.partner_api.openapi_parts import Json, answer, body, problems, ref

WORDS = """Give a label as this API writes it, a marking of another policy, or a STANAG 4774 label; get it in
every way of saying it, and use the `label` of the answer in your writes. What comes in is read as the label
it stands for by the mission's policy; going out, a label gets the most open marking that lets in nobody whom
the label keeps out, or none. A restriction that nobody here knows is refused. Nothing is written."""


def labelling_paths() -> Json:
    known = {"200": answer("The policy.", ref(PolicyTold))} | problems("400", "401", "503")
    told = {"200": answer("One label in every way of saying it.", ref(LabelTold))}
    return {
        "/v1/policy": {"get": _named("policy", "What a label may say here") | {"responses": known}},
        "/v1/labels/translate": {
            "post": _named("labels_translate", "A label in the words of other policies")
            | {"description": WORDS, "requestBody": body(TranslateLabel)}
            | {"responses": told | problems("400", "401", "413", "422", "503")}
        },
        "/v1/records/{id}/label": {
            "get": _named("records_label", "The label of what you are shown of a record")
            | {"parameters": [path("id", "A record id.")]}
            | {"responses": told | problems("400", "401", "404", "503")}
        },
    }


def _named(name: str, summary: str) -> Json:
    return {"operationId": name, "tags": ["labels"], "summary": summary}
