"""Which parts of the directory somebody may change."""

from bot.desk.staff import Permission, Staff, reach
from knowledge.organizations import Organizations


def regions_of(staff: Staff, organizations: Organizations) -> tuple[str, ...]:
    """Return the regions whose own union is theirs or stands below it: a county does not set what holds for a city."""
    if not staff.may(Permission.KEEP_DIRECTORY):
        return ()
    within = reach(staff.unions, organizations)
    owners = {region: organizations.owner(region) for region in organizations.known.active}
    return tuple(region for region, owner in owners.items() if owner is not None and owner.name in within)


def keeps_all(staff: Staff, organizations: Organizations) -> bool:
    """Tell whether they may change what holds everywhere."""
    everywhere = set(organizations.organizations) <= reach(staff.unions, organizations)
    return staff.may(Permission.KEEP_DIRECTORY) and everywhere
