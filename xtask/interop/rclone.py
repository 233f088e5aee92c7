"""Drives the sandbox with rclone, whose Files.com backend is the vendor's official Go SDK.

Arguments: the rclone program, the address of the Files.com face, the full key, the revoked key,
and a scratch folder. Prints one line per step and ends non-zero at the first that fails.
"""

import hashlib
import os
import subprocess
import sys

rclone, url, full, revoked, scratch = sys.argv[1:6]
MIB = 1024 * 1024


def step(name):
    print(f"  rclone: {name}", flush=True)


def require(condition, what):
    if not condition:
        raise SystemExit(f"  rclone: FAILED: {what}")


def config(name, key):
    """A configuration of its own, so that nobody's is read or changed."""
    path = os.path.join(scratch, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"[fc]\ntype = filescom\nsite = {url}\napi_key = {key}\n")
    return path


def call(*arguments, configuration=None, stdin=None):
    command = [rclone, "--config", configuration or good, "--retries", "1", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=False)


def run(*arguments, stdin=None):
    done = call(*arguments, stdin=stdin)
    require(done.returncode == 0, f"{arguments}: {done.stderr.decode()[-800:]}")
    return done.stdout


good = config("good.conf", full)
tree = os.path.join(scratch, "tree")
os.makedirs(os.path.join(tree, "deep", "er"), exist_ok=True)
for name, size in [("empty", 0), ("small ü+%#.txt", 17), ("deep/twelve", 12 * MIB), ("deep/er/large", 300 * MIB)]:
    block = hashlib.sha256(name.encode()).digest() * 32771
    with open(os.path.join(tree, name), "wb") as file:
        while size > 0:
            file.write(block[: min(size, len(block))])
            size -= len(block)

step("upload a tree: empty, small, 12 MiB, 300 MiB")
run("copy", tree, "fc:interop/rclone")

step("check it against the local one, by checksum, and download to compare every byte")
run("check", tree, "fc:interop/rclone", "--checksum")
run("check", tree, "fc:interop/rclone", "--download")

step("list it, recursively")
listed = run("lsf", "-R", "--files-only", "fc:interop/rclone").decode().split("\n")
require(sorted(filter(None, listed)) == ["deep/er/large", "deep/twelve", "empty", "small ü+%#.txt"], f"{listed}")

step("download it")
down = os.path.join(scratch, "down")
run("copy", "fc:interop/rclone", down)
run("check", tree, down, "--checksum")

step("upload a stream, download a range")
content = os.urandom(7 * MIB + 3)
run("rcat", "fc:interop/stream", stdin=content)
require(run("cat", "fc:interop/stream") == content, "the stream came back with other bytes")
part = run("cat", "--offset", "1000", "--count", "100", "fc:interop/stream")
require(part == content[1000:1100], "the range is wrong")

step("copy, move, set the time within the service")
run("copyto", "fc:interop/stream", "fc:interop/copied")
run("moveto", "fc:interop/copied", "fc:interop/moved")
require(run("cat", "fc:interop/moved") == content, "the copy has other bytes")
require(call("cat", "fc:interop/copied").returncode != 0, "the moved file is still there")
run("touch", "-t", "2024-01-02T03:04:05", "fc:interop/moved")
require(b"2024-01-02 03:04:05" in run("lsl", "fc:interop/moved"), "the time was not set")

step("folders, deleting, purging")
run("mkdir", "fc:interop/made")
run("rmdir", "fc:interop/made")
run("deletefile", "fc:interop/moved")
require(call("cat", "fc:interop/moved").returncode != 0, "the deleted file is still there")
run("purge", "fc:interop")
require(b"interop/" not in run("lsf", "fc:"), "the purged folder is still there")

step("a revoked key is refused in the service's words")
refused = call("lsf", "fc:", configuration=config("revoked.conf", revoked))
require(refused.returncode != 0 and b"Invalid Credentials" in refused.stderr, f"{refused.stderr}")

step("done")
