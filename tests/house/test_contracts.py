"""Who may import whom, and what the engine drags in."""

import subprocess
import sys

from tests.house.files import ROOT

ALONE = """
import sys
import hosting.matching
import pkgutil
for module in pkgutil.iter_modules(hosting.matching.__path__, "hosting.matching."):
    __import__(module.name)
foreign = {name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)
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


def test_the_engine_loads_nothing_but_numpy():
    answer = subprocess.run(
        [sys.executable, "-c", ALONE], cwd=ROOT, capture_output=True, text=True, check=True, env={}
    )
    loaded = set(answer.stdout.strip().split(","))
    assert "hosting" in loaded
    assert loaded - {"hosting", "numpy", "mtrand", "sitecustomize"} == set()
