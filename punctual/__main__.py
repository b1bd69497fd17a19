"""`python -m punctual <command>`."""

import os
import signal
import sys

from punctual.commands import main

if __name__ == "__main__":
    if os.getpid() == 1:
        # The first process of a container has no default for signals: it would not hear SIGTERM until it listens.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    sys.exit(main())
