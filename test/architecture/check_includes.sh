#!/bin/sh
# check_includes.sh TREE: checks the #include lines of a source tree against its doc/ARCHITECTURE.md.
set -eu
rules=$(cd "$(dirname "$0")" && pwd)/check_includes.awk
cd "$1"
find include src tools example -name '*.[ch]pp' 2>/dev/null | LC_ALL=C sort |
    xargs awk -f "$rules" doc/ARCHITECTURE.md
