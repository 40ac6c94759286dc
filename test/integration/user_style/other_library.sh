#!/usr/bin/env bash
# other_library.sh CXX PROJECT BUILD: builds the library with another compiler. One compiler's programs do
# not link with the other's library: they disagree on the names of Asio's executors.
set -euo pipefail

cmake -S "$2" -B "$3" -G Ninja -D CMAKE_CXX_COMPILER="$1" \
    -D BCTRL_TOOLS=OFF -D BCTRL_TESTS=OFF -D BCTRL_BENCHES=OFF -D BCTRL_EXAMPLES=OFF
cmake --build "$3" --target bctrl --parallel "$(nproc)"
