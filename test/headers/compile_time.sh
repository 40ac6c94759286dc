#!/usr/bin/env bash
# compile_time.sh FLAG...: how much longer than an empty coroutine program on Asio does a file take to compile that
# includes the client and awaits two calls? Fails above 1.5 times. Compiler: $CXX.
#
# Compared is the processor time in user code, the least of five turns: whatever else the machine does only adds.
set -euo pipefail
here=$(dirname "$0")
limit=1.5
flags=("$@")

cpu_time() {
    local TIMEFORMAT=%U
    { time "$CXX" -std=c++20 "${flags[@]}" -c "$1" -o /dev/null; } 2>&1
}

least() {
    awk -v a="$1" -v b="$2" 'BEGIN { print (a < b ? a : b) }'
}

empty=1000
calls=1000
for _ in {1..5}; do
    empty=$(least "$empty" "$(cpu_time "$here/empty_program.cpp")")
    calls=$(least "$calls" "$(cpu_time "$here/two_calls.cpp")")
done

awk -v c="$calls" -v e="$empty" -v l="$limit" 'BEGIN {
    printf "two calls %.2f s, empty program %.2f s: %.2f times (limit %.1f)\n", c, e, c / e, l
    exit !(c <= l * e)
}'
