"""The house's rules about files: short, well named, and free of this or that machine."""

import re

import pytest

from tests.house.files import ROOT, committed_files, python_files

MAX_LINES = 300
# A name that says nothing collects everything.
EMPTY_NAMES = {"utils", "helpers", "common", "misc", "core", "base", "handlers"}
# A home folder, a temporary folder, or where pins were fetched from: none of them exists elsewhere.
OF_ONE_MACHINE = re.compile(
    rb"(?<![\w.])(/home/\w+/|/Users/\w+/|/root/|/tmp/\w|/work/\w|C:\\Users)"
    rb"|--(extra-)?index-url|--find-links|--trusted-host|files\.pythonhosted\.org"
)


def test_git_lists_the_files():
    assert ROOT / "manage.py" in committed_files()
    assert len(python_files()) > 50


def test_no_python_file_is_longer_than_300_lines():
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in python_files()}
    assert {str(path): lines for path, lines in lengths.items() if lines > MAX_LINES} == {}


def test_no_module_has_a_name_that_says_nothing():
    named = [path for path in python_files() if EMPTY_NAMES & {path.stem, path.parent.name}]
    assert [str(path.relative_to(ROOT)) for path in named] == []


def test_no_committed_file_names_a_machine_or_a_package_index():
    guilty = [
        f"{path.relative_to(ROOT)}: {found.group().decode()}"
        for path in committed_files()
        if path != ROOT / "tests/house/test_layout.py" and (found := OF_ONE_MACHINE.search(path.read_bytes()))
    ]
    assert guilty == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_exactly(name):
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not re.match(r"[\w.-]+==\d", line)] == []


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_wanted_package_is_among_the_pins(name):
    wanted = re.findall(r"^([A-Za-z][\w.-]*)", (ROOT / f"{name}.in").read_text(), re.MULTILINE)
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / f"{name}.txt").read_text(), re.MULTILINE))
    assert {package.lower().replace("_", "-") for package in wanted} - pinned == set()
