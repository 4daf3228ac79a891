"""The labels a command asks for, as its caller wrote them; a decision turns them into real ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.contracts.event import Group, Labels
from shared.decider import Context
from shared.ids import Kind
from shared.labelling import labels_for, relabels_for
from shared.policy import WireLabel


@dataclass(frozen=True, slots=True)
class LabelsAsked:
    """Only owners write, so the caller's organisation is the owner every clause gets."""

    label: WireLabel | None = None
    group_labels: Mapping[Group, WireLabel] = field(default_factory=dict)

    @property
    def touches(self) -> dict[str, Group]:
        """Where the request names groups other than the base, for `Decider.touches`."""
        return {f"/group_labels/{group}": group for group in self.group_labels}

    def for_new(self, kind: Kind, groups: Sequence[Group], ctx: Context) -> Labels:
        """Labels of all groups of a new record; the mission's default where nothing is asked."""
        owner = ctx.principal.organisation
        return labels_for(kind, groups, self.label, self.group_labels, owner, ctx.policy)

    def for_known(self, groups: Sequence[Group], ctx: Context) -> Labels:
        """Only what is asked; groups that are not named keep theirs."""
        owner = ctx.principal.organisation
        return relabels_for(groups, self.label, self.group_labels, owner, ctx.policy)


NOTHING_ASKED = LabelsAsked()
