#!/usr/bin/env bash
# consume.sh WAY KIND: builds somebody else's program and test with bctrl, runs them and checks what they say.
#
# WAY   find_package, pkg_config (both take the installation made by install_prefix.sh) or add_subdirectory
# KIND  static or shared
#
# The environment names the tools and folders: CMAKE, CXX, PROJECT (bctrl's sources), WORK (to build in).
set -euo pipefail

way=$1
kind=$2
consumer=$PROJECT/test/install/consumer
prefix=$WORK/$kind/prefix
build=$WORK/$kind/$way

# build_with_cmake OPTION...: the options say how bctrl is to be found.
build_with_cmake() {
    "$CMAKE" -S "$consumer" -B "$build" -G Ninja -D CMAKE_CXX_COMPILER="$CXX" -D BCTRL_FROM="$way" "$@"
    "$CMAKE" --build "$build" --parallel "$(nproc)"
}

build_with_subdirectory() {
    # Without precompiled headers ccache recognises the files of the other kind of library as the same.
    build_with_cmake -D BCTRL_SOURCE_DIR="$PROJECT" -D BCTRL_INSTALL=ON \
        -D BUILD_SHARED_LIBS="$([[ $kind == shared ]] && echo ON || echo OFF)" \
        -D CMAKE_DISABLE_PRECOMPILE_HEADERS=ON \
        -D CMAKE_CXX_COMPILER_LAUNCHER="$(command -v ccache)"
}

build_with_pkg_config() {
    local flags libdir
    PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name bctrl.pc)")
    export PKG_CONFIG_PATH
    libdir=$(pkg-config --variable=libdir bctrl)
    mkdir -p "$build"
    flags=$(pkg-config --cflags --libs bctrl)
    echo "pkg-config says: $flags"
    # shellcheck disable=SC2086 # the flags are meant to be split
    "$CXX" -std=c++20 "$consumer/main.cpp" -o "$build/consumer" $flags -Wl,-rpath,"$libdir"
    flags=$(pkg-config --cflags --libs bctrl-testing)
    echo "pkg-config says of the testing library: $flags"
    # shellcheck disable=SC2086
    "$CXX" -std=c++20 "$consumer/own_test.cpp" -o "$build/own_test" $flags -Wl,-rpath,"$libdir"
}

case $way in
find_package)
    rm -rf "$build"
    build_with_cmake -D CMAKE_PREFIX_PATH="$prefix"
    ;;
pkg_config) build_with_pkg_config ;;
add_subdirectory) build_with_subdirectory ;;
esac

said=$("$build/consumer")
echo "the program says: $said"
[[ $said == "connect_failed, a fault of the transport" ]]

said=$("$build/own_test")
echo "the test says: $said"
[[ $said == "succeeded after 90 minutes" ]]

# needs PROGRAM LIBRARY: how many of the libraries that PROGRAM loads are LIBRARY.
needs() {
    readelf --dynamic "$build/$1" | grep --count "NEEDED.*\[$2\.so\.0\.1\]" || true
}
shared=$([[ $kind == shared ]] && echo 1 || echo 0)
[[ $(needs consumer libbctrl) == "$shared" && $(needs consumer libbctrl_testing) == 0 ]]
[[ $(needs own_test libbctrl_testing) == "$shared" ]]
