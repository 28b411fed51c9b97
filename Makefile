# The front door. Thin: the work is done by meson, tools/ and tests/run.
#
#   make            build build/dangbo             make test       everything is tested (half an hour at most)
#   make demo       the demo and its reports       make demo-data  only the demo's data, in build/demo
#   make bench      the benchmarks                 make lint       the rules of the house
#   make install    into $(DESTDIR)$(PREFIX)       make clean      forget what was built

PREFIX ?= /usr/local
DESTDIR ?=
MAKEFLAGS += --no-print-directory

.PHONY: build demo demo-data test bench install lint clean
.NOTPARALLEL:

build:
	@tools/setup.sh build
	@tools/build.sh build

demo: build
	@tools/demo.sh

demo-data: build
	@tools/demo.sh --data-only

test:
	@tools/setup.sh test
	@tests/run

bench: build
	@bench/run
	@bench/web

lint:
	@python3 tests/lint.py

install:
	@test -x build/dangbo || { echo "Hãy chạy make trước. Please run make first." >&2; exit 1; }
	install -D -m 755 build/dangbo "$(DESTDIR)$(PREFIX)/bin/dangbo"
	install -d "$(DESTDIR)$(PREFIX)/lib/systemd/system"
	sed 's|@BIN@|$(PREFIX)/bin|' packaging/dangbo.service >"$(DESTDIR)$(PREFIX)/lib/systemd/system/dangbo.service"
	chmod 644 "$(DESTDIR)$(PREFIX)/lib/systemd/system/dangbo.service"
	@tools/install_tree.sh docs/man "$(DESTDIR)$(PREFIX)/share/man"
	@tools/install_tree.sh templates "$(DESTDIR)$(PREFIX)/share/dangbo/templates"

clean:
	rm -rf build
