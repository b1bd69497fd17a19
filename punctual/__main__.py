"""`python -m punctual`."""

import sys

from punctual.commands import main

sys.exit(main())
