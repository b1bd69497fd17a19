"""Any sequence of changes to tasks, people and their project leaves exactly the promises that it should."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fuzz.figures import FIGURES
from tests.fuzz.ledger.machine import Ledger

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def run(examples: int, steps: int) -> None:
    """Run the machine and say how much it did."""
    Ledger.sequences = Ledger.told = 0
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True, database=None,
            suppress_health_check=SLOW,
        ),
    )  # fmt: skip
    # Where nothing comes due, nothing is proved.
    assert Ledger.told
    FIGURES.append(f"{Ledger.sequences} sequences of changes left the right promises; {Ledger.told} reminders told")


def test_any_sequence_of_changes_leaves_exactly_the_right_promises(environment: dict[str, str]) -> None:
    run(60, 20)

    assert Ledger.sequences >= 60


@pytest.mark.chaos
def test_500_sequences_of_changes_leave_exactly_the_right_promises(environment: dict[str, str]) -> None:
    run(500, 40)

    assert Ledger.sequences >= 500
