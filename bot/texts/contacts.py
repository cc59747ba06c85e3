"""How an office is named to a worker: with what is known of how it is reached."""

from knowledge.organizations import Contact, Organizations


def union(name: str, organizations: Organizations) -> str:
    """Introduce a union, or repeat the name of one that is not in the directory."""
    known = organizations.organizations.get(name)
    return _introduced(known.title, known.contact) if known else name


def body(id: str, union: str, organizations: Organizations) -> str:
    """Introduce a body outside the unions to a worker of the union's area; one that is not there by its id."""
    known = organizations.bodies.get(id)
    return _introduced(known.name, organizations.office(known, union)) if known else id


def reached(contact: Contact) -> str:
    """Say how an office is reached; "" if nobody has told."""
    parts = (("电话 ", contact.telephone), ("地址 ", contact.address), ("时间 ", contact.hours))
    return "，".join(label + value for label, value in parts if value)


def _introduced(name: str, contact: Contact) -> str:
    how = reached(contact)
    return f"{name}（{how}）" if how else name
