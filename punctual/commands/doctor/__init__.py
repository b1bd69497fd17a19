"""`punctual doctor`: check every dependency and say what to do about each fault."""

import argparse


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(_arguments: argparse.Namespace) -> int:
    """Print what was found; 1 where there is a fault."""
    from punctual.commands.doctor.visit import visit

    return visit()
