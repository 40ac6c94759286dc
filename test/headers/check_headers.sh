#!/usr/bin/env bash
# check_headers.sh INCLUDE FLAG...: checks every header below INCLUDE/bctrl, see check_header.sh; compiler: $CXX.
set -euo pipefail

include=$1
shift
mapfile -t headers < <(cd "$include" && find bctrl -name '*.hpp' | sort)
((${#headers[@]})) || { echo "no header below $include" >&2; exit 1; }

printf '%s\n' "${headers[@]}" |
    xargs --max-procs="$(nproc)" -I '{}' "$(dirname "$0")/check_header.sh" '{}' -I"$include" "$@"
echo "${#headers[@]} headers compile alone with $CXX"
