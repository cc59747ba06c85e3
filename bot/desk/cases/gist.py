"""What a case is about in one line of the queue: who opens it sees more, and that is in the audit."""

from bot.cases.model import Facts
from bot.redaction import redact

LONGEST = 60  # characters


def gist(facts: Facts) -> str:
    """Return the service, employer, number of people, time and wish as far as they were told, and nobody's name.

    The story is not in it.
    """
    people = f"涉及 {facts.people} 人" if facts.people and facts.people > 1 else ""
    told = (facts.service, facts.employer, people, facts.since, facts.wish)
    line = redact(" · ".join(" ".join(each.split()) for each in told if each.strip()))
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
