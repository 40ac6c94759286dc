#!/usr/bin/env bash
# install_prefix.sh BUILD PREFIX: installs what BUILD holds and checks that all of it has arrived.
set -euo pipefail

build=$1
prefix=$2
rm -rf "$prefix"
"$CMAKE" --install "$build" --prefix "$prefix"

complain() {
    echo "install_prefix: $*" >&2
    exit 1
}

# Every public header, and nothing else.
diff <(cd "$PROJECT/include" && find . -name '*.hpp' | sort) \
    <(cd "$prefix/include" && find . -type f | sort) || complain "the headers differ"

for file in bctrl.pc bctrl-testing.pc bctrl-config.cmake bctrl-config-version.cmake bctrl_targets.cmake LICENSE; do
    [[ -n $(find "$prefix" -name "$file") ]] || complain "$file is missing"
done

# An installation may be moved: nothing in it names the folder that it was put into or came from.
if grep --recursive --files-with-matches --fixed-strings --include='*.pc' --include='*.cmake' \
    -e "$prefix" -e "$PROJECT" "$prefix"; then
    complain "these files name a folder of this machine"
fi

for program in "$prefix"/bin/*; do
    [[ ! -e $program ]] || "$program" --help >/dev/null || complain "$program does not start"
done
