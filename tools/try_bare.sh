#!/bin/sh
# Tries the front door on a bare Debian 12: makes one in DIR with debootstrap, copies the working tree into it, installs
# nothing but make there, and runs the targets. Usage, as root: try_bare.sh DIR [TARGET...] (default: demo test)
# The mirror is the one that this machine's apt uses. Mounts are made in a name space of their own and end with it.
# DIR stays, for a look inside; a DIR that an earlier try has made is used again as it is.
set -eu
suite=bookworm
here=$(cd "$(dirname "$0")/.." && pwd)

if [ "${1-}" = --inside ]; then
    dir=$2
    shift 2
    mount -t proc proc "$dir/proc"
    mkdir -p "$dir/dev/shm"
    mount -t tmpfs tmpfs "$dir/dev/shm"
    mkdir -p "$dir/dev/pts"
    mount -t devpts devpts "$dir/dev/pts"
    # shellcheck disable=SC2016
    exec chroot "$dir" /usr/bin/env -i HOME=/ PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM="${TERM:-dumb}" \
        ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} TARGETS="$*" \
        sh -euc '
            if ! command -v make >/dev/null; then
                [ -n "$(find /var/lib/apt/lists -name "*_Packages*")" ] || apt-get -q -q update
                DEBIAN_FRONTEND=noninteractive apt-get -q -q -y --no-install-recommends install make >/dev/null
            fi
            cd /srv/dangbo
            for target in $TARGETS; do
                echo "== make $target"
                make "$target"
            done'
fi

[ $# -ge 1 ] || { echo "Usage: try_bare.sh DIR [TARGET...]" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "try_bare.sh: run it as root (chroot)" >&2; exit 1; }
dir=$1
shift
[ $# -gt 0 ] || set -- demo test

if [ ! -x "$dir/usr/bin/apt-get" ]; then
    # shellcheck disable=SC2016
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' | sed -n "s/ $suite main\$//p" | head -n 1)
    [ -n "$mirror" ] || { echo "try_bare.sh: apt here has no source for $suite main" >&2; exit 1; }
    mkdir -p "$dir"
    debootstrap --variant=minbase "$suite" "$dir" "$mirror" >"$dir/debootstrap.log" 2>&1 || { tail -n 20 "$dir/debootstrap.log"; exit 1; }
    if [ -f /etc/ssl/certs/ca-certificates.crt ]; then # for a mirror behind https
        mkdir -p "$dir/etc/ssl/certs"
        cp /etc/ssl/certs/ca-certificates.crt "$dir/etc/ssl/certs/"
    fi
fi
cp /etc/resolv.conf "$dir/etc/resolv.conf"

# The working tree as it stands, without what git ignores and what is deleted.
rm -rf "$dir/srv/dangbo"
mkdir -p "$dir/srv/dangbo"
(cd "$here" && git ls-files -z -co --exclude-standard | tar --null --ignore-failed-read -T - -cf - 2>/dev/null) |
    tar -xf - -C "$dir/srv/dangbo" --no-same-owner

exec unshare --mount --propagation private sh "$here/tools/try_bare.sh" --inside "$dir" "$@"
