#!/bin/sh
# Makes the demo's data in build/demo, prints its reports, makes accounts with passwords of the day and serves it all to a
# browser: at a terminal until Ctrl-C, elsewhere in the background. With --data-only it stops after the data.
# The program reads its language from LANG; the words of this script are in both.
set -eu
cd "$(dirname "$0")/.."

# Which reports are printed: the unit's code and the day that its article speaks of. One line each.
reports() {
    cat <<'TABLE'
HH     2018-08-05
YS     2019-01-15
YS.TB  2021
HL     2019-01-10
NT     2023-09-18
TABLE
}

# Who may sign in: login, role (or the person whose office gives the rights), the unit over which, and who that is.
accounts() {
    cat <<'TABLE'
quan.tri       technical_admin  -   quản trị kỹ thuật: tài khoản, phân quyền · technical administrator: accounts and grants
van.phong.hh   office_staff     HH  văn phòng Đảng ủy xã Hiệp Hòa · office of the committee of Hiệp Hòa
to.chuc.ys     organisation_board  YS  ban tổ chức Huyện ủy Yên Sơn · organisation board of Yên Sơn
bi.thu.ys      YS-08256  -   bí thư Huyện ủy Yên Sơn, quyết định về tổ chức · secretary of Yên Sơn, decides about units
bi.thu.thon4   HH-0038  -   bí thư Chi bộ thôn 4, xã Hiệp Hòa · secretary of a village cell
nguoi.xem.nt   reader           NT  chỉ xem, huyện Nam Trực · reads only, Nam Trực
TABLE
}

program=build/dangbo
data=build/demo
told=build/demo-accounts.txt
log=build/demo-serve.log
pid_file=build/demo-serve.pid

if [ ! -x "$program" ]; then
    echo "Chưa có chương trình $program. There is no $program yet." >&2
    exit 69
fi

stop_former() {
    [ -f "$pid_file" ] || return 0
    former=$(cat "$pid_file")
    rm -f "$pid_file"
    case $(cat "/proc/$former/comm" 2>/dev/null) in dangbo) kill "$former" && sleep 1 ;; esac
    return 0
}

# What a command says is shown only when it fails.
quietly() {
    said=$("$@" 2>&1) || { echo "$said" >&2; return 1; }
}

make_accounts() {
    umask 077
    : >"$told"
    # Sample data on this machine alone: nobody needs a phone to look at them.
    quietly "$program" --data "$data" setting add --name second_factor.administrators --value optional --note "Dữ liệu mẫu" </dev/null
    accounts | while read -r login role unit who; do
        password=$(od -An -N10 -tx1 /dev/urandom | tr -d ' \n' | sed 's/...../&-/g; s/-$//')
        case $role in [a-z]*) person= ;; *) person=$role ;; esac
        printf '%s' "$password" | quietly "$program" --data "$data" user add "$login" --name "${who%% · *}" ${person:+--person "$person"} --password-file -
        [ -n "$person" ] || [ "$unit" != - ] || quietly "$program" --data "$data" grant add --account "$login" --role "$role" --reason "Dữ liệu mẫu" </dev/null
        [ "$unit" = - ] || quietly "$program" --data "$data" grant add --account "$login" --role "$role" --over-unit "$unit" --reason "Dữ liệu mẫu" </dev/null
        printf '  %-14s %-26s %s\n' "$login" "$password" "$who" >>"$told"
    done
}

# Serves on the first port that is free; 1 when none is.
start_server() {
    for port in 8080 8081 8082 8083 8084 8085; do
        setsid "$program" serve --data "$data" --listen "127.0.0.1:$port" --quiet >"$log" 2>&1 </dev/null &
        server=$!
        for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
            if grep -q "://" "$log"; then
                echo "$server" >"$pid_file"
                return 0
            fi
            kill -0 "$server" 2>/dev/null || break
            sleep 0.2
        done
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    done
    cat "$log" >&2
    return 1
}

stop_former
rm -rf "$data"
"$program" demo "$data"
[ "${1-}" != --data-only ] || exit 0

reports | while read -r unit period; do
    echo
    # </dev/null: the program must not read the table.
    "$program" --data "$data" report members --unit "$unit" --period "$period" --to text </dev/null
done

make_accounts
start_server || exit 1

echo
echo "Mở trong trình duyệt · Open in a browser:  http://localhost:$port"
echo "Đăng nhập bằng một trong các tài khoản mẫu (mật khẩu mới mỗi lần chạy, ghi ở $told):"
echo "Sign in as one of these (the passwords are made anew each time and kept in $told):"
cat "$told"
echo
echo "Dữ liệu ở $data; lệnh khác: $program --help · The data are in $data; other commands: $program --help"
if [ -t 1 ]; then
    echo "Dừng: Ctrl-C · Stop: Ctrl-C"
    trap 'kill "$server" 2>/dev/null; rm -f "$pid_file"; exit 0' INT TERM
    wait "$server"
else
    echo "Đang chạy nền; dừng bằng: kill $server · It runs in the background; stop it by: kill $server"
fi
