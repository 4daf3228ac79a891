"""What codes are called on the pages: every enumeration a reader meets, in words to be translated."""

from collections.abc import Mapping

from services.gateway.web import (
    words_access,
    words_backbone,
    words_coarse,
    words_dates,
    words_emergency,
    words_jobs,
    words_oversight,
    words_password,
    words_people,
    words_release,
    words_removal,
    words_webhooks,
    words_work,
)
from services.gateway.web.marking import N_ as N_

STATUS: Mapping[str, str] = {
    "proposed": N_("Proposed"),
    "planned": N_("Planned"),
    "confirmed": N_("Confirmed"),
    "held": N_("Held"),
    "debriefed": N_("Debriefed"),
    "cancelled": N_("Cancelled"),
    "active": N_("Active"),
    "retired": N_("Retired"),
}
ENGAGEMENT_TYPE: Mapping[str, str] = {
    "courtesy_call": N_("Courtesy call"),
    "introduction": N_("Introduction"),
    "routine_liaison": N_("Routine liaison"),
    "key_leader_engagement": N_("Key leader engagement"),
    "negotiation_session": N_("Negotiation session"),
    "mediation_session": N_("Mediation session"),
    "joint_committee": N_("Joint committee"),
    "coordination_meeting": N_("Coordination meeting"),
    "community_meeting": N_("Community meeting"),
    "women_group_meeting": N_("Women's group meeting"),
    "youth_meeting": N_("Youth meeting"),
    "religious_leader_meeting": N_("Religious leader meeting"),
    "patrol_stop_contact": N_("Patrol stop contact"),
    "phone_or_radio_contact": N_("Phone or radio contact"),
    "hand_over_introduction": N_("Handover introduction"),
    "verification_visit": N_("Verification visit"),
    "joint_activity": N_("Joint activity"),
    "ceremony": N_("Ceremony"),
    "media_engagement": N_("Media engagement"),
}
ORGANISATION_KIND: Mapping[str, str] = {
    "military_force": N_("Military force"),
    "police": N_("Police"),
    "un_agency": N_("UN agency"),
    "international_organisation": N_("Other international organisation"),
    "ngo": N_("NGO"),
    "local_authority": N_("Local authority"),
    "community": N_("Community"),
    "party_to_the_conflict": N_("Party to the conflict"),
    "religious": N_("Religious body"),
    "media": N_("Media"),
    "private": N_("Private company"),
    "unknown": N_("Kind not known"),
}
PLACE_LEVEL: Mapping[str, str] = {
    "country": N_("Country"),
    "admin1": N_("State or region"),
    "admin2": N_("County or district"),
    "admin3": N_("Payam or sub-district"),
    "settlement": N_("Settlement"),
    "site": N_("Site"),
}
PRECISION: Mapping[str, str] = {
    "exact": N_("exact"),
    "near": N_("to about 1 km"),
    "settlement": N_("to the settlement, about 5 km"),
    "district": N_("to the district, about 25 km"),
    "province": N_("to the state, about 100 km"),
    "country": N_("to the country"),
    "unknown": N_("precision not known"),
}
EFFECT: Mapping[str, str] = {
    "understand": N_("Understand"),
    "inform": N_("Inform"),
    "persuade": N_("Persuade"),
    "deter": N_("Deter"),
    "agree": N_("Agree"),
    "thank": N_("Thank"),
    "apologise": N_("Apologise"),
    "introduce": N_("Introduce"),
    "hand_over": N_("Hand over"),
}
CANCEL_REASON: Mapping[str, str] = {
    "by_us": N_("Cancelled by us"),
    "by_counterpart": N_("Cancelled by the other side"),
    "transport": N_("No transport"),
    "force_protection": N_("Force protection"),
    "routes": N_("Routes closed"),
    "threat": N_("Threat"),
    "no_interpreter": N_("No interpreter"),
    "communications": N_("Communications down"),
    "no_reason_given": N_("No reason given"),
}
ATMOSPHERE: Mapping[str, str] = {
    "positive": N_("Positive"),
    "neutral": N_("Neutral"),
    "negative": N_("Negative"),
}
SIDE: Mapping[str, str] = {
    "ours": N_("Our side"),
    "counterpart": N_("Counterpart"),
    "partner": N_("Partner"),
    "third_party": N_("Third party"),
}
GROUP: Mapping[str, str] = {
    "base": N_("Record"),
    "identity": N_("People by name"),
    "exact_place": N_("Exact place"),
    "own_side": N_("Our side's preparation"),
    "source": N_("Source"),
}
KIND: Mapping[str, str] = {
    "engagement": N_("Engagement"),
    "organisation": N_("Organisation"),
    "place": N_("Place"),
    "person": N_("Person"),
}
NUMBER: Mapping[str, str] = {
    "engagements_today": N_("Engagements today"),
    "engagements_week": N_("Next 7 days"),
    "debriefs_due": N_("Debriefs due"),
    "unconfirmed_soon": N_("Soon, not confirmed"),
    "unplaced": N_("Without a place"),
    "organisations": N_("Organisations"),
}
STEP: Mapping[str, str] = {
    "plan": N_("Accept the proposal"),
    "confirm": N_("Confirm"),
    "hold": N_("It took place"),
    "debrief": N_("Debrief"),
    "cancel": N_("Cancel it"),
}
FILTER: Mapping[str, str] = {
    "q": N_("Words"),
    "status": N_("Status"),
    "type": N_("Type"),
    "area": N_("Area"),
    "party": N_("With"),
    "from": N_("From"),
    "to": N_("To"),
    "placed": N_("Has a place"),
}
EVENT: Mapping[str, str] = {
    "engagement.proposed.v1": N_("Proposed"),
    "engagement.planned.v1": N_("Planned"),
    "engagement.recorded.v1": N_("Recorded as held"),
    "engagement.proposal_accepted.v1": N_("Proposal accepted"),
    "engagement.amended.v1": N_("Amended"),
    "engagement.confirmed.v1": N_("Confirmed"),
    "engagement.held.v1": N_("Held"),
    "engagement.debriefed.v1": N_("Debriefed"),
    "engagement.cancelled.v1": N_("Cancelled"),
    "record.marked.v1": N_("Handling changed"),
    "record.release_requested.v1": N_("Release asked for"),
    "record.release_agreed.v1": N_("Release agreed by the originator"),
    "record.release_refused.v1": N_("Release refused"),
    "record.release_withdrawn.v1": N_("Request for release withdrawn"),
    "record.released.v1": N_("Released to more people"),
    "engagement.relabelled.v1": N_("Label changed"),
    "engagement.participant_named.v1": N_("Participant named"),
    "engagement.place_pinned.v1": N_("Exact place noted"),
    "engagement.preparation_noted.v1": N_("Preparation noted"),
    "engagement.source_recorded.v1": N_("Source noted"),
    "organisation.registered.v1": N_("Registered"),
    "organisation.amended.v1": N_("Amended"),
    "organisation.alias_added.v1": N_("Other name added"),
    "organisation.retired.v1": N_("Retired"),
    "organisation.relabelled.v1": N_("Label changed"),
    "place.registered.v1": N_("Registered"),
    "place.amended.v1": N_("Amended"),
    "place.retired.v1": N_("Retired"),
    "place.relabelled.v1": N_("Label changed"),
}
RELIABILITY: Mapping[str, str] = {
    "A": N_("A - completely reliable"),
    "B": N_("B - usually reliable"),
    "C": N_("C - fairly reliable"),
    "D": N_("D - not usually reliable"),
    "E": N_("E - unreliable"),
    "F": N_("F - cannot be judged"),
}
CREDIBILITY: Mapping[str, str] = {
    "1": N_("1 - confirmed by others"),
    "2": N_("2 - probably true"),
    "3": N_("3 - possibly true"),
    "4": N_("4 - doubtful"),
    "5": N_("5 - improbable"),
    "6": N_("6 - cannot be judged"),
}
FIRST_STATUS: Mapping[str, str] = {
    "planned": N_("Planned"),
    "proposed": N_("Proposed, to be accepted"),
    "held": N_("Already held, not planned"),
}
FIELD: Mapping[str, str] = {
    "purpose": N_("Purpose"),
    "engagement_type": N_("Type"),
    "desired_effect": N_("Desired effect"),
    "starts_at": N_("Start"),
    "ends_at": N_("End"),
    "time_precision": N_("Precision of the time"),
    "zone": N_("Time zone"),
    "place": N_("Place"),
    "participants": N_("Participants"),
    "language": N_("Language"),
    "status": N_("Status"),
    "label": N_("Label"),
    "external_ids": N_("External ids"),
    "summary": N_("Summary"),
    "outcomes": N_("Outcomes"),
    "next_steps": N_("Next steps"),
    "atmosphere": N_("Atmosphere"),
    "atmosphere_details": N_("What made it so"),
    "statements": N_("What was said"),
    "cancel_reason": N_("Cancelled because"),
    "details": N_("Details"),
    "reason": N_("Reason"),
    "people": N_("People"),
    "point": N_("Point"),
    "description": N_("Description"),
    "grade": N_("Grade"),
    "talking_points": N_("Talking points"),
    "do_not_say": N_("Do not say"),
    "red_lines": N_("Red lines"),
    "name": N_("Name"),
    "short_name": N_("Short name"),
    "aliases": N_("Other names"),
    "alternative_names": N_("Other names"),
    "organisation_kind": N_("Kind"),
    "affiliation": N_("Belongs to"),
    "note": N_("Note"),
    "level": N_("Level"),
    "pcode": N_("P-code"),
    "area": N_("Area"),
    "parent_id": N_("Part of"),
    "precision": N_("Precision"),
    "source": N_("Source"),
}
TIME_PRECISION: Mapping[str, str] = {
    "minute": N_("to the minute"),
    "day": N_("to the day"),
}
_HERE: Mapping[str, Mapping[str, str]] = {
    "status": STATUS,
    "engagement_type": ENGAGEMENT_TYPE,
    "organisation_kind": ORGANISATION_KIND,
    "place_level": PLACE_LEVEL,
    "precision": PRECISION,
    "effect": EFFECT,
    "cancel_reason": CANCEL_REASON,
    "atmosphere": ATMOSPHERE,
    "side": SIDE,
    "group": GROUP,
    "kind": KIND,
    "number": NUMBER,
    "filter": FILTER,
    "event": EVENT,
    "step": STEP,
    "field": FIELD,
    "time_precision": TIME_PRECISION,
    "reliability": RELIABILITY,
    "credibility": CREDIBILITY,
    "first_status": FIRST_STATUS,
}
# Families grow in the modules of their subjects.
_SUBJECTS = (
    _HERE, words_work.ALL, words_people.ALL, words_backbone.ALL, words_removal.ALL, words_dates.ALL,
    words_emergency.ALL, words_password.ALL, words_oversight.ALL, words_access.ALL,
    words_release.ALL, words_webhooks.ALL, words_jobs.ALL, words_coarse.ALL,
)  # fmt: skip
ALL: Mapping[str, Mapping[str, str]] = {
    family: {code: said for one in _SUBJECTS for code, said in one.get(family, {}).items()}
    for family in {name for one in _SUBJECTS for name in one}
}


def source_word(family: str, code: str) -> str:
    """The English word; the code with spaces when this version has none (a newer service's value)."""
    return ALL[family].get(code) or code.replace("_", " ").capitalize()
