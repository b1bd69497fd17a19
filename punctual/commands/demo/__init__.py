"""`punctual demo`: fill a believable organisation through the public API. Safe to repeat."""

import argparse

SEED = 1
PARALLEL = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where, who, and how."""
    parser.add_argument(
        "--url", help="the gateway's address (default: PUNCTUAL_PUBLIC_URL, or port PUNCTUAL_PORT here)"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="another number makes another organisation (1)")
    parser.add_argument("--password", help="of all twelve people (default: PUNCTUAL_DEMO_PASSWORD, or a known one)")
    parser.add_argument("--domain", default=None, help="of their e-mail addresses (default: one that is nobody's)")
    parser.add_argument("--parallel", type=int, default=PARALLEL, metavar="N", help="requests at the same time (8)")


def run(arguments: argparse.Namespace) -> int:
    """Fill it, and say how to sign in; 1 with a message when it can't be done, 130 when interrupted."""
    from punctual.commands.demo.performance import perform

    return perform(arguments)
