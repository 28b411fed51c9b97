#!/bin/sh
# Makes the two sources that put files into the binary: an assembler file with one .incbin a file, and the table of
# names and sizes that src/base/embedded.c searches. Usage: embed.sh SOURCE_ROOT OUT.S OUT.c FOLDER...
# Folders that do not exist count as empty. An output is written only when it changes, and a file's checksum stands in
# the .S, so that a build does work only when a file did change.
set -eu
LC_ALL=C
export LC_ALL

root=$1 asm=$2 table=$3
shift 3

# Writes standard input to "$1" unless it holds just that already.
replace() {
    cat >"$1.new"
    if cmp -s "$1.new" "$1"; then rm "$1.new"; else mv "$1.new" "$1"; fi
}

# Not embedded: hidden files, editors' copies, the build's own files, and what is written for developers.
list() {
    for folder in "$@"; do
        [ -d "$root/$folder" ] || continue
        (cd "$root" && find "$folder" -name '.*' -prune -o -name __pycache__ -prune -o -type f ! -name '*~' \
            ! -name 'meson.build' ! -name 'README*' ! -name '*.py' ! -name '*.sh' -print)
    done | sort
}

names=$(list "$@")
case $names in *[\"\\]*) echo "embed.sh: a file name holds a quote or a backslash" >&2; exit 1 ;; esac

{
    echo "/* Made by tools/embed.sh. */"
    echo "#ifdef __CET__"
    echo "#include <cet.h>"
    echo "#endif"
    echo "    .section .rodata"
    n=0
    printf '%s\n' "$names" | while IFS= read -r name; do
        [ -n "$name" ] || continue
        sum=$(cksum <"$root/$name")
        printf '/* %s */\n    .balign 16\n    .globl embedded_%d\n    .hidden embedded_%d\n' "$sum" $n $n
        printf 'embedded_%d:\n    .incbin "%s"\n    .byte 0\n' $n "$name"
        n=$((n + 1))
    done
    # shellcheck disable=SC2016
    echo '    .section .note.GNU-stack,"",%progbits'
} | replace "$asm"

{
    echo "/* Made by tools/embed.sh. */"
    echo '#include "base/embedded.h"'
    echo "extern const struct embedded embedded_table[];"
    echo "extern const size_t embedded_count;"
    n=0
    rows=
    printf '%s\n' "$names" | {
        while IFS= read -r name; do
            [ -n "$name" ] || continue
            size=$(wc -c <"$root/$name")
            echo "extern const unsigned char embedded_${n}[];"
            rows="$rows    {\"$name\", embedded_$n, $((size))},
"
            n=$((n + 1))
        done
        printf 'const struct embedded embedded_table[] = {\n%s    {0}\n};\n' "$rows"
        echo "const size_t embedded_count = $n;"
    }
} | replace "$table"
