"""What an analyser takes away from itself before it meets a stranger's packets.

The service unit takes away more (own user, no network, no writable path); this holds everywhere.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal

CHECK_TIME_MAX_S = 600  # a check takes a minute; ten are for whoever needs help with it
SESSION_TIME_MAX_S = 4 * 3600  # while it hides a room, it may be a whole conversation
ADDRESS_SPACE_MAX_BYTES = 4 * 1024**3  # 2 GiB are mapped in use, mostly stacks of threads
OPEN_FILES_MAX = 256

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38


def harden() -> None:
    """No file, no core dump, no new rights, bounded memory. Cannot be undone.

    Raises ``OSError`` when the kernel refuses: an analyser without its limits must not run.
    """
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_AS, ADDRESS_SPACE_MAX_BYTES)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES_MAX)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_DUMPABLE, 0)


def die_with_parent(parent_pid: int) -> None:
    """An idle analyser ends when the pool that started it ends, however that happens."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        os._exit(0)


def start_run_time(*, in_session: bool) -> None:
    """From here the kernel ends this process after its time, whatever it is doing then."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(SESSION_TIME_MAX_S if in_session else CHECK_TIME_MAX_S)


def _lower(limit: int, value: int) -> None:
    _, hard = resource.getrlimit(limit)
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (ceiling, ceiling))


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
