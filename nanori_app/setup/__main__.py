"""Set up this checkout: system packages, ``.venv``, the project itself, browser files.

Started by ``bin/setup`` with whatever Python the machine has. Each step leaves a stamp and is skipped while
nothing that it depends on has changed, so that a second start takes a moment.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from nanori_app.setup.environment import prepare_environment, python_of
from nanori_app.setup.errors import SetupStopped
from nanori_app.setup.system_packages import WISHES, prepare_machine, this_machine

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    words = argparse.ArgumentParser(prog="bin/setup", description="Set up this checkout of Nanori.")
    words.add_argument(
        "--for-tests", action="store_true", help="also what the tests need: tools and Chromium"
    )
    for_tests = words.parse_args().for_tests
    try:
        prepare_machine(this_machine(), for_tests=for_tests, wishes=WISHES)
        prepare_environment(ROOT, for_tests=for_tests)
        _fetch_browser_files()
    except SetupStopped as stopped:
        sys.stderr.write(f"\n{stopped}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. Start again at any time: finished steps are not repeated.\n")
        return 130
    return 0


def _fetch_browser_files() -> None:
    command = [str(python_of(ROOT)), "-m", "nanori_app.setup.browser_files"]
    done = subprocess.run(command, cwd=ROOT, check=False)  # noqa: S603 - our own words, no shell
    if done.returncode:
        raise SetupStopped("Setting up stopped at the browser files.")


if __name__ == "__main__":
    sys.exit(main())
