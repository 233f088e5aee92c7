"""The official Python SDK of Files.com as a program, to be measured beside ours.

Arguments: what to do, the address, and what it needs. The key is in FILES_API_KEY.
"""

import os
import sys

import files_sdk

what, url, *rest = sys.argv[1:]
client = files_sdk.Client(api_key=os.environ["FILES_API_KEY"], base_url=url)

if what == "list":
    for entry in client.folder.list_for(rest[0], {"per_page": 1000}).auto_paging_iter():
        print(entry.path)
elif what == "get":
    client.file.download_file(rest[0], rest[1])
elif what == "put":
    client.file.upload_file(rest[0], rest[1])
elif what == "put-all":
    for name in os.listdir(rest[0]):
        client.file.upload_file(os.path.join(rest[0], name), f"{rest[1]}/{name}")
else:
    raise SystemExit(f"{what} is no work of this program")
