"""Runs a command and prints, as one line of JSON, how it ended and what it took.

Arguments: the command. Peak memory is that of the whole process; Python's own few megabytes before
the command begins are a floor below which nothing can be told.
"""

import json
import resource
import subprocess
import sys
import time

begin = time.monotonic()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=False)
wall = time.monotonic() - begin
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(
    json.dumps(
        {
            "status": done.returncode,
            "wall": wall,
            "cpu": used.ru_utime + used.ru_stime,
            "peak": used.ru_maxrss * 1024,
        }
    )
)
