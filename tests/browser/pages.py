"""Every page there is, for tests that ask the same of each."""

from tests.browser.fake_world import an_id

PAGES = (
    "/",
    "/engagements",
    "/engagements?status=held&q=nothing-has-this-word",
    "/organisations",
    "/places",
    "/search?q=cattle",
    f"/engagements/{an_id('engagement', 4)}",
    f"/engagements/{an_id('engagement', 4)}?tab=history",
    f"/organisations/{an_id('organisation', 2)}",
    f"/places/{an_id('place', 2)}",
    "/engagements/new",
    f"/engagements/{an_id('engagement', 9)}/debrief",
    f"/engagements/{an_id('engagement', 1)}/cancel",
    f"/engagements/{an_id('engagement', 1)}/hold",
    "/debrief",
    "/commitments",
    "/commitments?view=table&status=open",
    "/commitments?q=nothing-has-this-word",
    "/commitments/new",
    f"/commitments/{an_id('commitment', 2)}",
    f"/commitments/{an_id('commitment', 3)}/progress",
    f"/commitments/{an_id('commitment', 1)}/renegotiate",
    "/engagements/no-such-record",
)
