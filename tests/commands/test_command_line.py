"""The command line as a whole."""

import pytest

from punctual import __version__
from punctual.commands import main


def test_it_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])

    assert end.value.code == 0
    assert capsys.readouterr().out == f"punctual {__version__}\n"
