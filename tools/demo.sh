#!/bin/sh
# Makes the demo's data in build/demo and prints its reports. With --data-only it stops after the data.
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

program=build/dangbo
data=build/demo

if [ ! -x "$program" ]; then
    echo "Chưa có chương trình $program. There is no $program yet." >&2
    exit 69
fi

rm -rf "$data"
"$program" demo "$data"
[ "${1-}" != --data-only ] || exit 0

reports | while read -r unit period; do
    echo
    # </dev/null: the program must not read the table.
    "$program" --data "$data" report members --unit "$unit" --period "$period" --to text </dev/null
done

echo
echo "Dữ liệu ở $data; xem thêm: $program --help"
echo "The data are in $data; see also: $program --help"
