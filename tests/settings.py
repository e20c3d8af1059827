"""The settings under test: the same ones, whatever this machine's environment says of itself.

This runs before pytest reads any conftest.py, and programs that tests start inherit it.
"""

import os

os.environ["MARKETPLACE_ENV"] = "test"

from marketplace.settings import *  # noqa: E402, F403
