"""How a process that runs for long treats its memory."""

import gc


def settle_down() -> None:
    """What is alive now stays alive: the collector needn't walk it again, nor run after every few requests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
