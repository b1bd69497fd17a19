"""The table of variables is true: each that is read stands in it, with its default, and the page has the table."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from punctual.commands.doctor.configuration import _Asked
from punctual.kit.settings import BEHIND_THE_GATEWAY, load
from punctual.kit.variables import MARKS, VARIABLES, Variable

ROOT = Path(__file__).parents[2]
NAMES = {each.name for each in VARIABLES}
SERVICE = re.compile(rf"(?<=URL_)({'|'.join(BEHIND_THE_GATEWAY)})$", re.IGNORECASE)


def test_each_setting_is_in_the_table() -> None:
    asked = _Asked()
    load(asked)

    assert {SERVICE.sub("<SERVICE>", name) for name in asked.names} <= NAMES


def test_each_variable_that_the_code_names_is_in_the_table_and_the_other_way_round() -> None:
    files = (path for path in (ROOT / "punctual").rglob("*.py") if path.name != "variables.py")
    code = "".join(path.read_text() for path in files)
    named = {SERVICE.sub("<SERVICE>", name) for name in re.findall(r"PUNCTUAL_[A-Z_]+[A-Z]", code)}
    beginnings = {name.partition("<")[0] for name in NAMES}

    assert {name for name in named - MARKS - NAMES if not any(each.startswith(name) for each in beginnings)} == {
        "PUNCTUAL_LOCAL"
    }
    assert {name for name in beginnings if name not in code} == set()


@pytest.mark.parametrize("variable", [each for each in VARIABLES if "<" not in each.name], ids=lambda each: each.name)
def test_a_default_in_the_table_is_the_default(variable: Variable) -> None:
    assert load({variable.name: variable.default}) == load({})


def test_the_page_has_the_present_table() -> None:
    command = [sys.executable, ROOT / "scripts" / "document-settings", "--check"]
    ours = {**os.environ, "PYTHONPATH": str(ROOT)}
    answer = subprocess.run(command, env=ours, capture_output=True, text=True, check=False)

    assert answer.returncode == 0, answer.stderr
