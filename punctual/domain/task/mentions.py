"""@mentions: whom a text means, among the members of its project."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

_MENTION = re.compile(r"(?<![\w@.])@([\w][\w.+\-]{0,63}(?:@[\w.\-]{1,190})?)")
MOST_MENTIONS = 50


@dataclass(frozen=True, slots=True)
class Member:
    """Who can be meant."""

    user_id: UUID
    email: str
    display_name: str


def handles(text: str) -> set[str]:
    """What follows each @ in the text, in lower case."""
    found = {match[1].rstrip(".-").lower() for match in _MENTION.finditer(text)}
    return set(sorted(found)[:MOST_MENTIONS])


def mentioned(text: str, members: Iterable[Member]) -> list[UUID]:
    """The members that the text mentions: by address, its local part, the name without spaces, or the first name.

    A handle that fits several people means none of them: telling the wrong person is worse than telling nobody.
    """
    wanted = handles(text)
    if not wanted:
        return []
    names: dict[str, set[UUID]] = {}
    for member in members:
        for name in _names(member):
            names.setdefault(name, set()).add(member.user_id)
    meant = [next(iter(names[handle])) for handle in sorted(wanted) if len(names.get(handle, ())) == 1]
    return list(dict.fromkeys(meant))


def _names(member: Member) -> set[str]:
    words = member.display_name.lower().split()
    email = member.email.lower()
    return {email, email.partition("@")[0], "".join(words), words[0] if words else ""} - {""}
