"""A label that came in another's words, as the mission's own: at least as narrow, or refused. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.errors import invalid
from shared.markings import Markings, narrowed
from shared.policy import Policy, WireLabel
from shared.stanag4774 import Category, CategoryType, Confidentiality


@dataclass(frozen=True, slots=True)
class Understood:
    """`left_out`: words that narrow nobody's reading, or name an audience that this mission does not know."""

    label: WireLabel
    left_out: tuple[str, ...] = ()


def of_marking(among: Iterable[Markings], policy_id: str, marking: str, at: str) -> Understood:
    """Raises InvalidError, naming the field, for a policy or marking that is not known."""
    told = _named(among, policy_id, f"{at}/policy")
    words = marking.split("//")
    informative = [w for w in words[1:] if w.strip().upper() in told.informative]
    if len(informative) != len(words) - 1:
        raise invalid(f"{at}/marking", "unknown_marking", "What follows // is not known here.")
    return Understood(told.read(words[0], f"{at}/marking"), tuple(w.strip() for w in informative))


def of_xml(
    policy: Policy, among: Iterable[Markings], given: Confidentiality, at: str
) -> Understood:
    """Raises InvalidError for a policy, level or restriction that is not known: none is passed over."""
    if given.policy.casefold() == policy.id.casefold():
        return _own(policy, given, at)
    return _foreign(_named(among, given.policy, at), given, at)


def _own(policy: Policy, given: Confidentiality, at: str) -> Understood:
    named = given.classification.casefold()
    level = next(
        (one.id for one in policy.levels if named in {one.id.casefold(), one.name.casefold()}), None
    )
    if level is None:
        raise invalid(at, "unknown_level", "The label's classification is no level here.")
    label = WireLabel(
        level=level,
        releasable_to=tuple(one.values for one in _of(given, CategoryType.PERMISSIVE)),
        caveats=_restrictions(given),
    )
    policy.check(label, at)
    return Understood(label, _informative(given))


def _foreign(told: Markings, given: Confidentiality, at: str) -> Understood:
    unknown = [word for word in _restrictions(given) if word.upper() not in told.handling]
    if unknown:
        words = f"{', '.join(unknown)}: no caveat here stands for it, so it may not be kept here."
        raise invalid(at, "unknown_caveat", words)
    permissive = _of(given, CategoryType.PERMISSIVE)
    strange = [w for one in permissive for w in one.values if w.upper() not in told.audiences]
    label = narrowed(
        told.read(given.classification, at),
        [_known(one.values, told) for one in permissive],
        [told.handling[word.upper()] for word in _restrictions(given)],
    )
    return Understood(label, (*strange, *_informative(given)))


def _named(among: Iterable[Markings], identifier: str, at: str) -> Markings:
    for one in among:
        if one.is_named(identifier):
            return one
    raise invalid(at, "unknown_policy", "Labels of this policy are not understood here.")


def _known(words: Iterable[str], told: Markings) -> list[str]:
    return [told.audiences[word.upper()] for word in words if word.upper() in told.audiences]


def _of(given: Confidentiality, kind: CategoryType) -> Sequence[Category]:
    return [one for one in given.categories if one.type is kind]


def _restrictions(given: Confidentiality) -> tuple[str, ...]:
    return tuple(word for one in _of(given, CategoryType.RESTRICTIVE) for word in one.values)


def _informative(given: Confidentiality) -> tuple[str, ...]:
    return tuple(word for one in _of(given, CategoryType.INFORMATIVE) for word in one.values)
