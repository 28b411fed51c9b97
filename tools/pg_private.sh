#!/bin/bash
# A private PostgreSQL for tests: a Unix socket inside DIR and no network, thrown away at the end.
#
#   tools/pg_private.sh start DIR [--durable]   makes it, starts it, prints its address
#   tools/pg_private.sh resume DIR              starts it again after a stop or a crash
#   tools/pg_private.sh crash DIR               stops it at once, as a fault would
#   tools/pg_private.sh stop DIR                stops it and removes DIR
#
# PostgreSQL refuses to run as root; then the user "postgres" (or "nobody") runs it. Without --durable it does not fsync.
set -euo pipefail

usage() {
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 64
}

[ $# -ge 2 ] || usage
verb=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
durable=${3:-}

bin=
for d in /usr/lib/postgresql/*/bin; do
    [ -x "$d/initdb" ] && bin=$d
done
[ -n "$bin" ] || { echo "pg_private: PostgreSQL is not installed (apt-get install postgresql)" >&2; exit 69; }

as() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups env HOME="$dir" LC_ALL=C "$@")
    else
        (cd / && LC_ALL=C "$@")
    fi
}

user=postgres
id "$user" >/dev/null 2>&1 || user=nobody

go() { # start what is in DIR; only pg_ctl's own word goes to the log
    as "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 start </dev/null >>"$dir/ctl.log" 2>&1 || {
        cat "$dir/ctl.log" "$dir/log" >&2
        exit 70
    }
}

case $verb in
start)
    if [ ${#dir} -gt 90 ]; then
        echo "pg_private: the path of a Unix socket may not be that long: $dir" >&2
        exit 73
    fi
    chmod 0755 "$dir"
    [ "$(id -u)" != 0 ] || chown "$user" "$dir"
    as "$bin/initdb" -D "$dir/data" -U dangbo -A trust -E UTF8 --locale=C -N >"$dir/ctl.log" 2>&1 || {
        cat "$dir/ctl.log" >&2
        exit 70
    }
    cat >>"$dir/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
unix_socket_permissions = 0777
max_connections = 100
shared_buffers = 64MB
dynamic_shared_memory_type = mmap
jit = off
CONF
    if [ "$durable" != --durable ]; then
        printf 'fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n' >>"$dir/data/postgresql.conf"
    fi
    go
    as "$bin/createdb" -h "$dir" -U dangbo -T template0 dangbo >>"$dir/ctl.log" 2>&1
    printf 'postgresql://dangbo@/dangbo?host=%s\n' "$(printf %s "$dir" | sed 's/%/%25/g; s/ /%20/g; s/&/%26/g; s/#/%23/g; s/+/%2B/g')"
    ;;
resume)
    go
    ;;
crash)
    as "$bin/pg_ctl" -D "$dir/data" -w -m immediate stop </dev/null >>"$dir/ctl.log" 2>&1
    ;;
stop)
    as "$bin/pg_ctl" -D "$dir/data" -w -m immediate stop </dev/null >>"$dir/ctl.log" 2>&1 || true
    rm -rf "$dir"
    ;;
*)
    usage
    ;;
esac
