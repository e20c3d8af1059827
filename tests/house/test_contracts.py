"""Who may import whom, and what the engine drags in."""

import ast
import subprocess
import sys

from tests.house.files import ROOT, python_files

HTTP = ("django.http", "django.shortcuts", "django.views", "django.urls")

ALONE = """
import sys
import numba.extending
brought = set(sys.modules)
import hosting.matching
import pkgutil
for module in pkgutil.iter_modules(hosting.matching.__path__, "hosting.matching."):
    __import__(module.name)
foreign = {name.partition(".")[0] for name in set(sys.modules) - brought} - set(sys.stdlib_module_names)
print(",".join(sorted(name for name in foreign if not name.startswith("_"))))
"""


def test_the_import_contracts_hold():
    answer = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "0 broken" in answer.stdout


def test_the_engine_loads_nothing_but_numpy_and_numba():
    answer = subprocess.run(
        [sys.executable, "-c", ALONE], cwd=ROOT, capture_output=True, text=True, check=True, env={}
    )
    loaded = set(answer.stdout.strip().split(","))
    assert "hosting" in loaded
    assert loaded - {"hosting", "numpy", "mtrand"} == set()


def imported(path):
    """The modules a file names in its import statements, with what is taken from them."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_service_and_no_model_knows_http():
    guilty = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in python_files()
        if {"services", "models"} & set(path.relative_to(ROOT).parts) and "tests" not in path.parts
        for name in imported(path)
        if name.startswith(HTTP)
    ]
    assert guilty == []
