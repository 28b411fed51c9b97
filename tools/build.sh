#!/bin/sh
# Configures a build folder and brings it up to date. Usage: build.sh FOLDER [MESON OPTION...]
# Options given differently than last time are changed; without options those of last time stay.
# Says nothing but warnings and errors; CC chooses the compiler, JOBS how many run at once.
set -eu
dir=$1
shift
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() {
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        return 1
    fi
}

given="$dir/given-options"
if [ ! -f "$dir/build.ninja" ]; then
    quietly meson setup "$@" "$dir" || {
        # A folder left by another version of meson: once more from the start.
        [ -f "$dir/meson-private/coredata.dat" ] || exit 1
        quietly meson setup --wipe "$@" "$dir"
    }
    echo "$*" >"$given"
elif [ $# -gt 0 ] && [ "$*" != "$(cat "$given" 2>/dev/null)" ]; then
    quietly meson setup --reconfigure "$@" "$dir"
    echo "$*" >"$given"
fi
quietly ninja --quiet ${JOBS:+-j "$JOBS"} -C "$dir"
