"""Identifiers are ordered in time, and the same where they must be."""

from punctual.kit.ids import operation_id, uuid7


def test_new_ids_rise_strictly() -> None:
    made = [uuid7() for _ in range(5_000)]

    assert made == sorted(set(made))
    assert all(each.version == 7 for each in made)


def test_one_key_of_one_caller_is_one_operation() -> None:
    ada, bob = uuid7(), uuid7()

    assert operation_id(ada, "key") == operation_id(ada, "key")
    assert len({operation_id(ada, "key"), operation_id(bob, "key"), operation_id(None, "key")}) == 3
