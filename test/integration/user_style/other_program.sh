#!/usr/bin/env bash
# other_program.sh BESIDE_EMULATOR PROGRAM CXX OPTION...: builds a program and runs it beside the emulator.
set -euo pipefail

beside_emulator=$1
program=$2
shift 2
"$@" -std=c++20 -o "$program"
"$beside_emulator" "$program"
