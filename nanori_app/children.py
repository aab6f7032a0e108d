"""Child processes that never outlive the process that started them."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def ends_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """A ``preexec_fn``: on Linux the kernel signals the child when its parent is gone, killed or not.

    None elsewhere: there only an orderly stop ends the children. The parent is the *thread* that starts the
    child, so start from the main thread.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number.value)
        if os.getppid() != parent:
            os.kill(os.getpid(), number)

    return ask_kernel
