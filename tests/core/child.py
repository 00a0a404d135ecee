"""A child process that ends as it is told to."""

import os
import signal
import sys
import time

how = sys.argv[1]
if how == "echo":
    told = sys.stdin.read()
    sys.stdout.write(f"{told} {os.environ['TOLD']}")
elif how == "say":
    sys.stdout.buffer.write(sys.stdin.buffer.read())
elif how == "deaf":
    sys.stdin.close()
    sys.stdout.write("done")
elif how.startswith("count"):
    for number in (1, 2, 3):
        print(number, flush=True)  # noqa: T201 - it is its answer
    while how == "count on":
        time.sleep(1)
elif how == "fail":
    sys.exit(1)
elif how == "crash":
    os.kill(os.getpid(), signal.SIGSEGV)
elif how == "talk":
    sys.stdin.read()
    while True:
        sys.stdout.write("and " * 1000)
elif how == "sleep":
    time.sleep(60)
