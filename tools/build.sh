#!/bin/sh
# Configures a build folder once and brings it up to date. Usage: build.sh FOLDER [MESON OPTION...]
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

if [ ! -f "$dir/build.ninja" ]; then
    quietly meson setup "$@" "$dir" || {
        # An older or half-made folder: once more from the start.
        [ -d "$dir/meson-private" ] || exit 1
        quietly meson setup --wipe "$@" "$dir"
    }
fi
quietly ninja ${JOBS:+-j "$JOBS"} -C "$dir"
