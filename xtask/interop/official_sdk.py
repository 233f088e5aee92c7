"""Drives the sandbox with the official Python SDK of Files.com, as its users would.

Arguments: the address of the Files.com face, the full key, the restricted key, the revoked key,
and a scratch folder. Prints one line per step and ends non-zero at the first that fails. Every
byte that comes down is compared with what went up.
"""

import hashlib
import io
import os
import sys

import files_sdk
from files_sdk import error

url, full, restricted, revoked, scratch = sys.argv[1:6]
MIB = 1024 * 1024


def step(name):
    print(f"  official SDK: {name}", flush=True)


def require(condition, what):
    if not condition:
        raise SystemExit(f"  official SDK: FAILED: {what}")


def local(name, size):
    """A file of this machine with content that repeats nowhere near a part's size."""
    path = os.path.join(scratch, name)
    block = hashlib.sha256(name.encode()).digest() * 32771
    with open(path, "wb") as file:
        while size > 0:
            file.write(block[: min(size, len(block))])
            size -= len(block)
    return path


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def raises(kind, call):
    try:
        call()
    except kind:
        return
    except Exception as other:  # what else came is the finding
        raise SystemExit(f"  official SDK: FAILED: {kind.__name__} expected, {other!r} came")
    raise SystemExit(f"  official SDK: FAILED: {kind.__name__} expected, nothing came")


client = files_sdk.Client(api_key=full, base_url=url)
files, folders = client.file, client.folder

step("create folders, list them")
folders.create("interop/sdk", {"mkdir_parents": True})
names = [entry.path for entry in folders.list_for("interop").auto_paging_iter()]
require(names == ["interop/sdk"], f"listed {names}")

step("upload and download: empty, small, 12 MiB, 300 MiB")
for name, size in [("empty", 0), ("small ü+%#.txt", 17), ("twelve", 12 * MIB), ("large", 300 * MIB)]:
    up = local(name, size)
    files.upload_file(up, f"interop/sdk/{name}")
    found = files.find(f"interop/sdk/{name}")
    require(found.size == size, f"{name}: size {found.size}")
    down = os.path.join(scratch, "down")
    files.download_file(f"interop/sdk/{name}", down)
    require(digest(up) == digest(down), f"{name}: other bytes came back")
    os.remove(down)

step("upload a stream of unknown size")
content = os.urandom(7 * MIB + 3)
files.upload_stream(io.BytesIO(content), "interop/sdk/stream")
back = io.BytesIO()
files.download_stream("interop/sdk/stream", back)
require(back.getvalue() == content, "the stream came back with other bytes")

step("list with pages of seven")
folders.create("interop/many")
for number in range(30):
    files.upload_stream(io.BytesIO(b"x"), f"interop/many/{number:03}", 1)
listed = folders.list_for("interop/many", {"per_page": 7})
require(len(listed) <= 7 and listed.has_next_page, "the first page holds all")
names = [entry.display_name for entry in listed.auto_paging_iter()]
require(names == [f"{number:03}" for number in range(30)], f"listed {names}")

step("copy, move, set the time, find")
files.copy_and_wait("interop/sdk/twelve", {"destination": "interop/sdk/copied"}, interval=0.01)
files.move_and_wait("interop/sdk/copied", {"destination": "interop/sdk/moved"}, interval=0.01)
raises(error.NotFoundError, lambda: files.find("interop/sdk/copied"))
files.update("interop/sdk/moved", {"provided_mtime": "2024-01-02T03:04:05Z"})
moved = files.find("interop/sdk/moved")
require(moved.size == 12 * MIB, f"size {moved.size}")
require(str(moved.provided_mtime).startswith("2024-01-02"), f"time {moved.provided_mtime}")

step("download a range")
import requests

link = files.download("interop/sdk/twelve").download_uri
answer = requests.get(link, headers={"Range": "bytes=100-199"})
with open(os.path.join(scratch, "twelve"), "rb") as file:
    file.seek(100)
    require(answer.status_code == 206 and answer.content == file.read(100), "the range is wrong")

step("delete, and a folder with all it holds")
files.delete("interop/sdk/moved")
raises(error.NotFoundError, lambda: files.find("interop/sdk/moved"))
raises(error.FolderNotEmptyError, lambda: files.delete("interop/many"))
files.delete("interop/many", {"recursive": True})
raises(error.NotFoundError, lambda: files.find("interop/many"))

step("refusals have the class that the SDK gives them")
raises(error.NotFoundError, lambda: files.find("no/such/thing"))
raises(error.DestinationExistsError, lambda: folders.create("interop/sdk"))
unknown = files_sdk.Client(api_key=revoked, base_url=url, max_network_retries=0)
raises(error.InvalidCredentialsError, lambda: unknown.folder.list_for(""))
confined = files_sdk.Client(api_key=restricted, base_url=url, max_network_retries=0)
raises(error.NotFoundError, lambda: confined.file.find("interop/sdk/small ü+%#.txt"))

files.delete("interop", {"recursive": True})
step("done")
