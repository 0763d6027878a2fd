"""The curl lines of a page, as a script that fails where one is not answered with success."""

import re
import sys

page = open(sys.argv[1], encoding="utf-8").read()
for block in re.findall(r"^```sh\n(.*?)^```", page, re.M | re.S):
    if "curl " in block:
        print(block.replace("curl -sS ", "curl -sS --fail-with-body -o /dev/null "))
