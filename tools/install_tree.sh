#!/bin/sh
# Installs the files of a folder as they stand, if there is such a folder. Usage: install_tree.sh FROM TO
set -eu
[ -d "$1" ] || exit 0
mkdir -p "$2"
to=$(cd "$2" && pwd)
cd "$1"
find . -type f ! -name '.*' | while IFS= read -r file; do
    install -D -m 644 "$file" "$to/${file#./}"
    echo "install $to/${file#./}"
done
