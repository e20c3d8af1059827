"""The files of this project, for the tests that hold the house's rules."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def committed_files() -> list[Path]:
    """Every file that git knows here and that still stands; absolute paths."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def python_files() -> list[Path]:
    """Our Python modules, migrations aside: Django writes those."""
    return [path for path in committed_files() if path.suffix == ".py" and "migrations" not in path.parts]
