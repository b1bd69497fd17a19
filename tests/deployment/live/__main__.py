"""`deployment/check`: run the parts, print what was seen, leave nothing behind."""

import argparse
import sys
import time

from tests.deployment.live.parts import PARTS
from tests.deployment.live.stack import Compose


def main() -> int:
    """1 with what was wrong at the first part that fails."""
    parser = argparse.ArgumentParser(prog="deployment/check", description="Try docker-compose.yml in earnest.")
    told = ", ".join(PARTS)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="part", help=f"of {told} (default: all)")
    parser.add_argument(
        "--keep", action="store_true", help="leave containers and volumes for a look, or for more parts"
    )
    arguments = parser.parse_args()
    stack = Compose()
    try:
        if not arguments.parts:
            stack.down()
        for name in arguments.parts or PARTS:
            began = time.monotonic()
            print(f"{name:10} {PARTS[name](stack)} [{time.monotonic() - began:.0f} s]", flush=True)
    except AssertionError as error:
        print(f"{name:10} FAILED: {error}", file=sys.stderr)
        return 1
    finally:
        if not arguments.keep:
            stack.down()
    return 0


sys.exit(main())
