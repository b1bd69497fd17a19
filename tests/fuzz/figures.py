"""How much was tried: lines for the end of the run."""

from tests.support.figures import section

FIGURES = section("bad input")
