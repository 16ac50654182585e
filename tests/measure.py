"""Run a command and write to OUT what it took: status, the largest resident
set of it or of a process it waited for in KiB, and seconds.

Usage: measure.py OUT COMMAND...
"""
import os
import sys
import time

begin = time.monotonic()
pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(pid, 0)
took = time.monotonic() - begin
code = os.waitstatus_to_exitcode(status)
with open(sys.argv[1], "w") as out:
    print(code, used.ru_maxrss, "%.2f" % took, file=out)
