"""How much was tried: lines for the end of the run."""

FIGURES: list[str] = []
