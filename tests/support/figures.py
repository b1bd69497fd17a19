"""What tests have counted and measured: printed at the end of the run, whichever of its processes it was."""

import pytest

_SECTIONS: dict[str, list[str]] = {}
_KEY = "figures"


def section(title: str) -> list[str]:
    """Lines for the end of the run, to be appended to."""
    return _SECTIONS.setdefault(title, [])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Give what this process has to the one that reports."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_KEY] = _SECTIONS


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take what one of the processes has."""
    for title, lines in getattr(node, "workeroutput", {}).get(_KEY, {}).items():
        section(title).extend(lines)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """For the reader, also where all is well."""
    for title, lines in _SECTIONS.items():
        if lines:
            terminalreporter.section(title)
            for line in lines:
                terminalreporter.line(line)
