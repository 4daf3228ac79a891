"""Where one can go and what one can begin: for the palette and for the phone's page of all pages."""

from dataclasses import dataclass

from services.gateway.web.page import Page
from services.gateway.web.words import N_
from shared.ids import Kind
from shared.roles import Action, administers, allowed, allowed_somewhere, may_view_as


@dataclass(frozen=True, slots=True)
class Destination:
    href: str
    words: str
    icon: str


PAGES = (
    Destination("/", N_("Today"), "house"),
    Destination("/map", N_("Map"), "map"),
    Destination("/timeline", N_("Timeline"), "calendar-days"),
    Destination("/engagements", N_("Engagements"), "handshake"),
    Destination("/contacts", N_("Contacts"), "users"),
    Destination("/organisations", N_("Organisations"), "building-2"),
    Destination("/posts", N_("Posts"), "user-round"),
    Destination("/commitments", N_("Commitments"), "file-pen-line"),
    Destination("/places", N_("Places"), "map-pin"),
)
OWN = (
    Destination("/views", N_("Saved views"), "layers"),
    Destination("/webhooks", N_("Webhooks"), "arrow-up-right"),
    Destination("/jobs", N_("Exports and imports"), "list"),
)
VIEW_AS = Destination("/view-as", N_("View as others"), "users")
ACCESS = Destination("/access", N_("Access"), "lock")
EMERGENCY_READS = Destination("/emergency/reads", N_("Read under emergency access"), "history")
EMERGENCIES = Destination("/emergencies", N_("Emergency access"), "shield-check")
OPEN_EMERGENCY = Destination("/emergency", N_("Open emergency access"), "triangle-alert")
WAITING = Destination("/search?release_waits=true", N_("Releases that wait"), "clock")
REMOVALS = Destination("/removals", N_("Removals"), "ban")
BACKBONE = Destination("/backbone", N_("Backbone"), "monitor")
NEW = (
    (Kind.ENGAGEMENT, Destination("/debrief", N_("Debrief a meeting"), "file-pen-line")),
    (Kind.ENGAGEMENT, Destination("/engagements/new", N_("Plan an engagement"), "plus")),
    (Kind.PERSON, Destination("/people/new", N_("New person"), "plus")),
    (Kind.COMMITMENT, Destination("/commitments/new", N_("New commitment"), "plus")),
)


def pages(page: Page) -> list[Destination]:
    """Where this reader can go."""
    if page.session.viewing:
        return [*PAGES]
    roles, offered = page.session.principal.roles, _offered(page)
    officer = administers(roles)
    releases = [WAITING] if allowed(roles, Action.APPROVE, Kind.ENGAGEMENT) else []
    removals = [REMOVALS] if allowed_somewhere(roles, Action.ASK_REMOVAL) else []
    emergencies = [EMERGENCIES] if officer or offered else []
    more = [*releases, *removals, EMERGENCY_READS, *emergencies]
    return [*PAGES, *OWN, *more, *([ACCESS, BACKBONE] if officer else [])]


def actions(page: Page) -> list[Destination]:
    """What this reader's roles let them begin."""
    roles = page.session.principal.roles
    found = [found for kind, found in NEW if allowed(roles, Action.CREATE, kind)]
    found += [VIEW_AS] if may_view_as(roles) else []
    return [*found, OPEN_EMERGENCY] if _offered(page) else found


def _offered(page: Page) -> bool:
    return page.dashboard.emergencies.offered(page.session.principal)
