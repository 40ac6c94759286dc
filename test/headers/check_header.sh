#!/usr/bin/env bash
# check_header.sh HEADER FLAG...: compiles one public header (its name as in #include <HEADER>) alone, twice over, with
# the compiler $CXX, and checks that it lets in no library that is an affair of the implementation.
set -euo pipefail

header=$1
shift
dependencies=$(mktemp)
trap 'rm -f "$dependencies"' EXIT

printf '#include <%s>\n#include <%s>\n' "$header" "$header" |
    "$CXX" -std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror "$@" \
        -fsyntax-only -MD -MF "$dependencies" -x c++ -

if grep --max-count=3 --only-matching --extended-regexp \
    '/(boost/(beast|json|asio/ssl)|openssl|nghttp2)[/.][^ ]*' "$dependencies"; then
    echo "<$header> includes these, and everybody who includes it would" >&2
    exit 1
fi
