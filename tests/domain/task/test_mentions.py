"""@mentions mean exactly one member, or nobody."""

import pytest
from hypothesis import given, strategies as st

from punctual.domain.task.mentions import MOST_MENTIONS, Member, handles, mentioned
from punctual.kit.ids import uuid7

BOB = Member(uuid7(), "bob.builder@example.org", "Bob Builder")
ANN = Member(uuid7(), "ann@example.org", "Ann Lee")
ANN_TOO = Member(uuid7(), "a.marks@example.org", "Ann Marks")
MEMBERS = (BOB, ANN, ANN_TOO)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@bob please", [BOB]),
        ("@Bob, @BOBBUILDER and @bob.builder are one", [BOB]),
        ("(@bob.builder@example.org)", [BOB]),
        ("thanks @bob.", [BOB]),
        ("@annlee not @annmarks?", [ANN, ANN_TOO]),
        ("@ann is ann@example.org, by the part before the @", []),
        ("write to bob@example.org", []),
        ("@@bob", []),
        ("@nobody @ @.", []),
        ("", []),
    ],
)
def test_a_text_means_these(text: str, people: list[Member]) -> None:
    assert mentioned(text, MEMBERS) == [person.user_id for person in people]


def test_there_is_an_end_to_mentions() -> None:
    assert len(handles(" ".join(f"@name{number}" for number in range(500)))) == MOST_MENTIONS


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    assert set(mentioned(text, MEMBERS)) <= {member.user_id for member in MEMBERS}
