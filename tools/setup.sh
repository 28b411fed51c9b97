#!/bin/sh
# Installs what is missing on Debian 12 through apt: `setup.sh build` for building, `setup.sh test` for that and testing.
# Asks dpkg first, so that it is instant and needs no network when everything is there.
set -eu

say() { printf '%s\n%s\n' "$1" "$2" >&2; }

build="gcc libc6-dev binutils meson ninja-build pkg-config libsqlite3-dev libpq-dev libsodium-dev libjansson-dev
    libcsv-dev libxlsxwriter-dev libzip-dev libexpat1-dev libutf8proc-dev libmicrohttpd-dev libgnutls28-dev libdeflate-dev libqrencode-dev"
test="libcmocka-dev clang libclang-rt-14-dev postgresql-15 sqlite3 python3 util-linux chromium fonts-noto-core"
# Node from elsewhere brings its own npm.
command -v npm >/dev/null || test="$test nodejs npm"

# What the tests in the browser need beyond Debian, at the exact versions of tests/e2e/package.json. Without them (no
# network) those tests are skipped and say so.
browser_parts() {
    [ "$1" = test ] || return 0
    e2e=$(cd "$(dirname "$0")/../tests/e2e" && pwd)
    wanted_parts=$(cksum <"$e2e/package.json")
    [ "$(cat "$e2e/node_modules/.made-for" 2>/dev/null)" != "$wanted_parts" ] || return 0
    if (cd "$e2e" && npm install --no-package-lock --no-audit --no-fund --loglevel=error </dev/null >&2); then
        echo "$wanted_parts" >"$e2e/node_modules/.made-for"
    else
        say "Không cài được các phần cho kiểm thử trong trình duyệt; các kiểm thử ấy sẽ được bỏ qua." \
            "The parts for the tests in the browser could not be installed; those tests will be skipped."
    fi
}

case ${1-} in
build) wanted=$build ;;
test) wanted="$build $test" ;;
*)
    say "Cách dùng: tools/setup.sh build|test" "Usage: tools/setup.sh build|test"
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "Máy này không dùng apt: hãy tự cài những gì tương đương với:" "This machine has no apt: please install what matches:"
    # shellcheck disable=SC2086
    echo " " $wanted >&2
    exit 0
fi

missing=
# shellcheck disable=SC2086
have=" $(dpkg-query -W -f '${db:Status-Status}:${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed://p' | tr '\n' ' ')"
for package in $wanted; do
    case $have in *" $package "*) ;; *) missing="$missing $package" ;; esac
done
if [ -z "$missing" ]; then
    browser_parts "$1"
    exit 0
fi

as_root=
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
        say "Còn thiếu các gói sau. Hãy chạy lệnh này bằng quyền root rồi làm lại:" \
            "These packages are missing. Please run this as root, then try again:"
        echo "  apt-get install --no-install-recommends$missing" >&2
        exit 1
    fi
    as_root=sudo
fi

# apt-get, quietly: what it says is shown only when it fails.
log=$(mktemp)
conf=/etc/postgresql-common/createcluster.d/dangbo-setup.conf
cleanup() {
    rm -f "$log"
    [ -z "${made_conf-}" ] || $as_root rm -f "$conf"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null
}

say "Cài các gói còn thiếu:$missing" "Installing what is missing:$missing"

# PostgreSQL is wanted for its programs only: no cluster of the system is made or started.
case $missing in *postgresql*)
    $as_root mkdir -p "${conf%/*}"
    echo "create_main_cluster = false" | $as_root tee "$conf" >/dev/null
    made_conf=1
    ;;
esac

install() {
    # shellcheck disable=SC2086
    apt install --no-install-recommends $missing
}

# A bare machine has no lists of packages yet; old lists name packages that are gone.
lists=$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' 2>/dev/null | head -n 1)
if [ -z "$lists" ] || ! install; then
    if ! apt update || ! install; then
        cat "$log" >&2
        say "Không cài được:$missing" "Could not install:$missing"
        exit 1
    fi
fi
browser_parts "$1"
