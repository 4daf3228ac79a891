"""Access records as the administration makes them, for stories."""

from dataclasses import replace

from services.gateway.access.administration import operator
from shared.contracts.event import Group
from shared.ids import Kind
from shared.labels import to_json
from shared.values import Text
from tests.unit.story import NOW, OURS, POLICY, Story, a_context

WHY = Text(text="Joined the mission", lang="en")
ADMINISTRATION = operator(POLICY, "test")
OWNER = ADMINISTRATION.organisation


def labels(kind: Kind):
    return {Group.BASE: to_json(POLICY.default(kind, Group.BASE, OWNER))}


def a_story(decider) -> Story:
    """Told by an operator."""
    return as_administrator(decider, "operator")


def as_administrator(decider, subject: str) -> Story:
    context = replace(a_context(NOW), principal=replace(ADMINISTRATION, subject=subject))
    return Story(decider, context=context)


ORGANISATION = OURS
