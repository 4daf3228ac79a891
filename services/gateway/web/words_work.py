"""What codes of the daily work are called: commitments, how far they are, and what is done with them."""

from collections.abc import Mapping

from services.gateway.web.marking import N_

STATUS: Mapping[str, str] = {
    "approved": N_("Approved"),
    "postponed": N_("Postponed"),
    "closed": N_("Closed"),
    "given": N_("Given"),
    "accepted": N_("Accepted"),
    "in_progress": N_("In progress"),
    "kept": N_("Kept"),
    "broken": N_("Broken"),
    "withdrawn": N_("Withdrawn"),
    "open": N_("Open"),
}
DIRECTION: Mapping[str, str] = {
    "by_us": N_("We owe"),
    "to_us": N_("They owe"),
    "others": N_("Between others"),
}
FORMALITY: Mapping[str, str] = {
    "verbal": N_("By word of mouth"),
    "minuted": N_("Minuted"),
    "signed": N_("Signed"),
}
PROGRESS: Mapping[str, str] = {
    "0": N_("0 - not begun"),
    "1": N_("1 - minimal"),
    "2": N_("2 - intermediate"),
    "3": N_("3 - full"),
}
COLUMN: Mapping[str, str] = {
    "overdue": N_("Overdue"),
    "today": N_("Due today"),
    "week": N_("Next 7 days"),
    "later": N_("Later"),
    "undated": N_("No date"),
    "kept": N_("Kept"),
    "broken": N_("Broken"),
}
WHY: Mapping[str, str] = {
    "recent": N_("Met of late"),
    "same_place": N_("Met at this place"),
    "same_series": N_("Of the same series"),
}
NUMBER: Mapping[str, str] = {
    "commitments_overdue": N_("Commitments overdue"),
    "commitments_due_soon": N_("Commitments due soon"),
}
STEP: Mapping[str, str] = {
    "approve": N_("Approve"),
    "postpone": N_("Postpone it"),
    "replan": N_("Plan it again"),
    "close": N_("Close it"),
    "link": N_("Say who somebody is"),
    "accept": N_("Accept"),
    "progress": N_("Note progress"),
    "keep": N_("It was kept"),
    "break": N_("It was broken"),
    "renegotiate": N_("Renegotiate"),
    "withdraw": N_("Withdraw it"),
    "acknowledge": N_("Acknowledge"),
    "dispute": N_("Dispute it"),
    "assess": N_("Our assessment"),
}
FILTER: Mapping[str, str] = {
    "direction": N_("Direction"),
    "overdue": N_("Overdue"),
    "dated": N_("Has a date"),
}
GROUP: Mapping[str, str] = {
    "assessment": N_("Our side's assessment"),
}
KIND: Mapping[str, str] = {
    "commitment": N_("Commitment"),
    "attachment": N_("Attachment"),
}
EVENT: Mapping[str, str] = {
    "engagement.approved.v1": N_("Approved"),
    "engagement.postponed.v1": N_("Postponed"),
    "engagement.replanned.v1": N_("Planned again"),
    "engagement.closed.v1": N_("Closed"),
    "engagement.participant_linked.v1": N_("Participant identified"),
    "commitment.given.v1": N_("Given"),
    "commitment.amended.v1": N_("Corrected"),
    "commitment.accepted.v1": N_("Accepted"),
    "commitment.progress_noted.v1": N_("Progress noted"),
    "commitment.acknowledged.v1": N_("Acknowledged"),
    "commitment.disputed.v1": N_("Disputed"),
    "commitment.kept.v1": N_("Kept"),
    "commitment.broken.v1": N_("Broken"),
    "commitment.renegotiated.v1": N_("Renegotiated"),
    "commitment.withdrawn.v1": N_("Withdrawn"),
    "commitment.overdue.v1": N_("Fell overdue"),
    "commitment.assessed.v1": N_("Assessed by our side"),
    "commitment.relabelled.v1": N_("Label changed"),
    "attachment.added.v1": N_("Attached"),
    "attachment.withdrawn.v1": N_("Withdrawn"),
    "attachment.relabelled.v1": N_("Label changed"),
}
FIELD: Mapping[str, str] = {
    "series": N_("Series"),
    "closing_note": N_("Closing note"),
    "postponed_because": N_("Postponed because"),
    "direction": N_("Direction"),
    "what": N_("What"),
    "by": N_("Owed by"),
    "to": N_("Owed to"),
    "due_at": N_("Due"),
    "conditions": N_("Conditions"),
    "evidence_expected": N_("Evidence expected"),
    "evidence": N_("Evidence"),
    "formality": N_("How it was given"),
    "engagement_id": N_("Given at"),
    "progress": N_("Progress"),
    "notes": N_("Notes"),
    "acknowledgements": N_("Acknowledgements"),
    "disputes": N_("Disputes"),
    "overdue": N_("Overdue"),
    "attachments": N_("Attachments"),
    "assessment": N_("Assessment"),
}
ALL: Mapping[str, Mapping[str, str]] = {
    "status": STATUS,
    "direction": DIRECTION,
    "formality": FORMALITY,
    "progress": PROGRESS,
    "column": COLUMN,
    "why": WHY,
    "number": NUMBER,
    "step": STEP,
    "filter": FILTER,
    "group": GROUP,
    "kind": KIND,
    "event": EVENT,
    "field": FIELD,
}
