"""What codes of people and posts are called."""

from collections.abc import Mapping

from services.gateway.web.marking import N_

STATUS: Mapping[str, str] = {
    "merged": N_("Merged"),
}
KIND: Mapping[str, str] = {
    "post": N_("Post"),
}
GROUP: Mapping[str, str] = {
    "protocol": N_("Protocol notes"),
    "private": N_("Contact details"),
}
ALIAS_KIND: Mapping[str, str] = {
    "other_name": N_("Other name"),
    "other_spelling": N_("Other spelling"),
    "transliteration": N_("In Latin script"),
    "former_name": N_("Former name"),
    "nickname": N_("Nickname"),
    "nom_de_guerre": N_("Nom de guerre"),
}
TIE: Mapping[str, str] = {
    "member": N_("Member"),
    "employee": N_("Employee"),
    "leader": N_("Leader"),
    "speaks_for": N_("Speaks for it"),
    "advises": N_("Advises it"),
    "founder": N_("Founder"),
    "former_member": N_("Former member"),
}
LANGUAGE_BASIS: Mapping[str, str] = {
    "certified": N_("Certified"),
    "self_declared": N_("Said by themselves"),
    "observed": N_("Observed"),
}
LANGUAGE_LEVEL: Mapping[str, str] = {
    "0": N_("0 - none"),
    "0+": N_("0+ - memorised words"),
    "1": N_("1 - survival"),
    "1+": N_("1+ - survival, and more"),
    "2": N_("2 - functional"),
    "2+": N_("2+ - functional, and more"),
    "3": N_("3 - professional"),
    "3+": N_("3+ - professional, and more"),
    "4": N_("4 - expert"),
    "4+": N_("4+ - expert, and more"),
    "5": N_("5 - native"),
}
SKILL: Mapping[str, str] = {
    "listening": N_("Listening"),
    "speaking": N_("Speaking"),
    "reading": N_("Reading"),
    "writing": N_("Writing"),
}
PROTOCOL_TOPIC: Mapping[str, str] = {
    "form_of_address": N_("Form of address"),
    "greeting": N_("Greeting"),
    "seating": N_("Seating"),
    "gifts": N_("Gifts"),
    "food_and_drink": N_("Food and drink"),
    "gender_customs": N_("Customs between men and women"),
    "holy_days": N_("Holy days"),
    "subjects_to_avoid": N_("Subjects to avoid"),
    "other": N_("Other"),
}
CONTACT_MEANS: Mapping[str, str] = {
    "mobile": N_("Mobile telephone"),
    "telephone": N_("Telephone"),
    "satellite_phone": N_("Satellite telephone"),
    "radio": N_("Radio"),
    "email": N_("E-mail"),
    "messenger": N_("Messenger"),
    "address": N_("Address"),
    "courier": N_("Courier"),
    "other": N_("Other"),
}
PROMISE: Mapping[str, str] = {
    "kept": N_("Kept"),
    "broken": N_("Broken"),
    "open": N_("Open"),
    "overdue": N_("Overdue"),
}
CONTACT_STEP: Mapping[str, str] = {
    "amend": N_("Amend"),
    "rename": N_("Name and address"),
    "alias": N_("Add another name"),
    "language": N_("Add a language"),
    "tie": N_("Tie to an organisation"),
    "protocol": N_("Protocol notes"),
    "private": N_("Replace contact details"),
    "merge": N_("Merge into another record"),
    "unmerge": N_("Undo the merger"),
    "take": N_("Somebody took the post"),
    "leave": N_("Its holder left"),
}
EVENT: Mapping[str, str] = {
    "person.registered.v1": N_("Registered"),
    "person.amended.v1": N_("Amended"),
    "person.named.v1": N_("Named"),
    "person.alias_added.v1": N_("Other name added"),
    "person.language_assessed.v1": N_("Language noted"),
    "person.tied.v1": N_("Tied to an organisation"),
    "person.untied.v1": N_("Tie taken back"),
    "person.protocol_noted.v1": N_("Protocol noted"),
    "person.private_noted.v1": N_("Contact details noted"),
    "person.private_read.v1": N_("Contact details read"),
    "person.merged.v1": N_("Merged into another record"),
    "person.unmerged.v1": N_("Merger undone"),
    "person.retired.v1": N_("Retired"),
    "person.relabelled.v1": N_("Label changed"),
    "organisation.merged.v1": N_("Merged into another record"),
    "organisation.unmerged.v1": N_("Merger undone"),
    "post.created.v1": N_("Created"),
    "post.amended.v1": N_("Amended"),
    "post.taken.v1": N_("Taken"),
    "post.left.v1": N_("Left"),
    "post.retired.v1": N_("Retired"),
    "post.relabelled.v1": N_("Label changed"),
}
FIELD: Mapping[str, str] = {
    "described_as": N_("What they are"),
    "form_of_address": N_("Form of address"),
    "languages": N_("Languages"),
    "ties": N_("Belongs to"),
    "notes": N_("Notes"),
    "holders": N_("Holders"),
    "merged_into": N_("Merged into"),
    "organisation_id": N_("Organisation"),
    "place_id": N_("Place"),
}
ALL: Mapping[str, Mapping[str, str]] = {
    "status": STATUS,
    "kind": KIND,
    "group": GROUP,
    "alias_kind": ALIAS_KIND,
    "tie": TIE,
    "language_basis": LANGUAGE_BASIS,
    "language_level": LANGUAGE_LEVEL,
    "skill": SKILL,
    "protocol_topic": PROTOCOL_TOPIC,
    "contact_means": CONTACT_MEANS,
    "promise": PROMISE,
    "contact_step": CONTACT_STEP,
    "event": EVENT,
    "field": FIELD,
}
