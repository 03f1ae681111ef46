"""Runs one command with a time limit and prints what it took, as JSON.

A process of its own, because Linux counts the memory of the parent into the peak of a child: this
one stays small, whatever the program that asks has read.

    python3 -I -S measured.py LIMIT OUT ERR COMMAND...
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time


def measure(limit, out, err, command):
    """Wall and CPU seconds, peak memory in bytes, exit status; `stopped` if the limit ended it."""
    stopped = threading.Event()

    def stop():
        stopped.set()
        with contextlib.suppress(ProcessLookupError):  # it may just have ended
            os.killpg(process.pid, signal.SIGKILL)

    with open(out, "wb") as stdout, open(err, "wb") as stderr:
        start = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
                                   start_new_session=True)
        timer = threading.Timer(limit, stop)
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except KeyboardInterrupt:
            stop()  # it has a session of its own, which the terminal does not interrupt
            raise
        finally:
            timer.cancel()
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime,
            "memory": usage.ru_maxrss * 1024, "status": process.returncode,
            "stopped": stopped.is_set()}


if __name__ == "__main__":
    print(json.dumps(measure(float(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:])))
