"""``python -m nanori_app.cluster remove`` forgets this checkout's embedded database, for ``make clean``."""

import sys
from pathlib import Path

from nanori_app.cluster.server import Cluster
from nanori_app.errors import Stopped


def main() -> int:
    if sys.argv[1:] != ["remove"]:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        Cluster(Path("var") / "postgres").remove()
    except Stopped as stopped:
        sys.stderr.write(f"{stopped}\n")
        return stopped.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
