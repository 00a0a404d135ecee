"""What a child process allows itself; imported there, so it imports next to nothing itself."""

import math
import resource
import signal


def bound_by(seconds: float, memory: int) -> None:
    """Bound this process in time and in addresses (bytes).

    The kernel ends it beyond them, even when nobody waits for it any more.
    """
    signal.setitimer(signal.ITIMER_REAL, seconds)
    for kind, most in (
        (resource.RLIMIT_CPU, math.ceil(seconds)),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),  # it would hold what belongs to the creator
    ):
        _, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(kind, (most, most))
