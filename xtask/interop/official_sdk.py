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

step("users and groups: create, list in pages, find, update, delete")
users, groups = client.user, client.group
anna = users.create({"username": "interop-anna", "email": "anna@acme.example", "group_ids": "2001"})
require(anna.group_ids == "2001" and anna.admin_group_ids == [], f"groups {anna.group_ids!r}")
require(users.find(anna.id).email == "anna@acme.example", "another address for mail")
listed = users.list({"per_page": 1, "sort_by": {"username": "asc"}})
require(listed.has_next_page, "the first page holds all users")
names = [user.username for user in listed.auto_paging_iter()]
require(names == ["Admin", "interop-anna", "Partner"], f"listed {names}")
found = users.list({"filter_prefix": {"username": "interop"}})
require([user.id for user in found.auto_paging_iter()] == [anna.id], "the prefix filters")
changed = users.update(anna.id, {"company": "Acme"})
require((changed.company, changed.email) == ("Acme", "anna@acme.example"), "changed too much")
users.unlock(anna.id)
group = groups.create({"name": "interop", "user_ids": f"{anna.id},1002", "admin_ids": str(anna.id)})
require(group.usernames == "interop-anna,Partner", f"names {group.usernames}")
group = groups.update(group.id, {"notes": "n"})
require((group.notes, group.name) == ("n", "interop"), "changed too much")
require(group.id in [one.id for one in groups.list().auto_paging_iter()], "the group is not listed")
raises(error.ModelSaveErrorError, lambda: users.create({"username": "interop-anna"}))

step("share links, and who is told of them")
links, told = client.bundle, client.bundle_notification
link = links.create({"paths": ["interop/sdk"], "description": "d", "max_uses": 3, "password": "Qx7-ahoy"})
require(link.paths == ["interop/sdk"] and link.password_protected is True, f"link {link.paths}")
require(link.url.endswith(link.code), f"address {link.url}")
require(links.find(link.id).max_uses == 3, "another number of uses")
ended = links.update(link.id, {"expires_at": "2024-05-02T17:45:00Z"})
require((ended.description, ended.expires_at[:10]) == ("d", "2024-05-02"), "changed too much")
require(link.id in [one.id for one in links.list().auto_paging_iter()], "the link is not listed")
raises(error.ModelSaveErrorError, lambda: links.create({"paths": ["no/such/thing"]}))
note = told.create({"bundle_id": link.id, "notify_user_id": anna.id, "notify_on_upload": True})
note = told.update(note.id, {"notify_on_registration": True})
require(note.notify_on_upload and note.notify_on_registration, "changed too much")
require(told.find(note.id).notify_user_id == anna.id, "another user is told")
listed = [one.id for one in told.list({"bundle_id": link.id}).auto_paging_iter()]
require(listed == [note.id], f"told {listed}")
told.delete(note.id)

step("share links: recipients, registrations, downloads")
recipients = client.bundle_recipient
sent = recipients.create(
    {"bundle_id": link.id, "recipient": "anna@acme.example", "share_after_create": True}
)
require(sent.sent_at is not None, "no mail was sent")
links.share(link.id, {"to": ["bo@acme.example"], "note": "look"})
listed = [one.recipient for one in recipients.list({"bundle_id": link.id}).auto_paging_iter()]
require(listed == ["anna@acme.example", "bo@acme.example"], f"sent to {listed}")
for number in range(3):
    visit = {"share_link": link.id, "name": f"Visitor {number}", "email": "v@acme.example",
             "path": "interop/sdk/twelve"}
    answer = requests.post(f"{url}/_sandbox/visits", json=visit)
    require(answer.status_code == 204, f"the visit was answered with {answer.status_code}")
query = {"bundle_id": link.id, "per_page": 2}
names = [one.name for one in client.bundle_registration.list(query).auto_paging_iter()]
require(names == ["Visitor 0", "Visitor 1", "Visitor 2"], f"registered {names}")
loads = list(client.bundle_download.list(query).auto_paging_iter())
require(len(loads) == 3 and loads[0].path == "interop/sdk/twelve", "downloads are missing")

step("who is no administrator sees and changes what is their own")
confined = files_sdk.Client(api_key=restricted, base_url=url, max_network_retries=0)
seen = [user.username for user in confined.user.list().auto_paging_iter()]
require(seen == ["Partner"], f"sees {seen}")
raises(error.NotFoundError, lambda: confined.bundle.find(link.id))
raises(error.SiteAdminRequiredError, lambda: confined.group.delete(group.id))
links.delete(link.id)
raises(error.NotFoundError, lambda: links.find(link.id))
groups.delete(group.id)
users.delete(anna.id)
raises(error.NotFoundError, lambda: users.find(anna.id))

step("what else the service keeps, by pages")
for number in range(5):
    client.automation.create({"automation": "copy_file", "name": f"rule {number}"})
names = [rule.name for rule in client.automation.list({"per_page": 2}).auto_paging_iter()]
require(names == [f"rule {number}" for number in range(5)], f"listed {names}")
require(len(list(client.history.list({"per_page": 10}).auto_paging_iter())) == 25, "history")

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
raises(error.NotFoundError, lambda: confined.file.find("interop/sdk/small ü+%#.txt"))

files.delete("interop", {"recursive": True})
step("done")
