"""What keeps leads of other people's forms from being taken in."""

from collections.abc import Iterator

from leads.intake_addresses import arrivals
from leads.models import IntakeFault
from leads.reading.troubles.trouble import Trouble, TroubleCode, counted
from workspaces.models import Workspace

WHY = {
    IntakeFault.FIELD_MISSING: "a field that is needed did not arrive.",
    IntakeFault.CONSENT_MISSING: "the field of consent did not arrive.",
    IntakeFault.UNREADABLE: "what stands in the chosen fields cannot be used.",
}


def find(workspace: Workspace) -> Iterator[Trouble]:
    """Yield the forms of a workspace whose mapping is wrong, since a lead last came of them."""
    broken = workspace.intake_addresses.filter(revoked_at=None).exclude(fault="")
    for address in broken.order_by("created_at"):
        if arrivals.is_broken(address):
            number = counted(address.fault_count, "submission", "submissions")
            were = "was" if address.fault_count == 1 else "were"
            yield Trouble(
                TroubleCode.INTAKE_BROKEN,
                f"{number} of “{address.name}” {were} not taken in",
                f"{WHY[IntakeFault(address.fault)]} Its form may have changed.",
                address.fault_since,
            )
