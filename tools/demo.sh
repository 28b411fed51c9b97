#!/bin/sh
# Makes the demo's data in build/demo and prints its reports. With --data-only it stops after the data.
# The program reads its language from LANG; the words of this script are in both.
set -eu
cd "$(dirname "$0")/.."

# Which reports are printed: the unit's code, the period, the template. One line each.
reports() {
    cat <<'TABLE'
hiep-hoa    2017        trong-sach-vung-manh
yen-son     2015-2020   nhiem-ky
ha-lam      2018        nam
nam-truc    2020-2025   giua-nhiem-ky
tien-bo     2021        viec-dot-pha
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

reports | while read -r unit period template; do
    echo
    # </dev/null: the program must not read the table.
    "$program" report print "$template" --unit "$unit" --period "$period" --data "$data" </dev/null
done

echo
echo "Dữ liệu ở $data; xem thêm: $program --help"
echo "The data are in $data; see also: $program --help"
