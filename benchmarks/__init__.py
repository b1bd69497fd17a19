"""Figures, measured against the stack as `make run` starts it: `make bench`, or `python -m benchmarks NAME …`."""
