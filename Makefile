# ll-loop: make, make check, make lint, make bench, make torture,
# make fuzz SECONDS=10 (for each target), make model, make install.
# SAN=1 sanitizers, CI=1 warnings are errors, V=1 show commands, STATIC=0
# link our libraries dynamically, CC=clang.

VERSION = 0.1.0
PREFIX  ?= /usr/local
MANDIR  ?= $(PREFIX)/share/man
PKGS     = yaml-0.1 libpcre2-8 jansson libxxhash
STATIC  ?= 1
B       := build$(if $(filter clang%,$(notdir $(CC))),/clang)$(if $(SAN),/san)$(if $(FUZZ),/fuzz)
Q       := $(if $(V),,@)
QUIET    = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2);)

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wformat=2 -Wvla -Wundef \
	-Wimplicit-fallthrough $(if $(CI),-Werror)
SANF = $(if $(SAN),-fsanitize=address$(,)undefined -fno-omit-frame-pointer \
	-fno-sanitize-recover=undefined) $(if $(FUZZ),-fsanitize=fuzzer-no-link)
,    = ,
OPT ?= $(if $(SAN),-O1 -g,-O2 -g)
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -DLL_VERSION='"$(VERSION)"' -Iinclude \
	-fvisibility=hidden -ffunction-sections -MMD -MP $(WARN) $(OPT) \
	$(SANF) $(shell pkg-config --cflags $(PKGS) libgit2) $(CFLAGS)
ALL_LDFLAGS = $(SANF) -Wl,-z,relro,-z,pack-relative-relocs $(LDFLAGS)
LIBS = $(if $(filter 1,$(STATIC)),-Wl$(,)-Bstatic) \
	$(shell pkg-config --libs $(PKGS)) \
	$(if $(filter 1,$(STATIC)),-Wl$(,)-Bdynamic)

SRC   := $(sort $(wildcard src/*/*.c))
# What every start runs stands together in the program: fewer of its pages.
FIRST := $(patsubst %,$B/%.o,cmd/main cmd/stream cmd/opt os/spawn)
OBJ   := $(FIRST) $(filter-out $(FIRST),$(SRC:src/%.c=$B/%.o)) \
	$B/loops.o $B/hosts.o $B/prices.o
LIB   := $(filter-out $B/cmd/main.o,$(OBJ))
TSRC  := $(sort $(wildcard tests/*/test_*.c))
TOBJ  := $(TSRC:tests/%.c=$B/tests/%.o)
LOOPS := $(sort $(wildcard loops/*.yaml))
HOSTS := $(sort $(wildcard src/hosts/*.yaml))
PRICES := src/prices/prices.yaml
WITH   = $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LIBS) $(SRC) $(TSRC) $(LOOPS) \
	$(HOSTS)

all: $B/ll-loop

$B/ll-loop: $(OBJ)
	$(call QUIET,LINK,$@)$(CC) $(ALL_LDFLAGS) -Wl,--gc-sections -o $@ \
		$(OBJ) $(LIBS) -Wl$(,)--as-needed -lm

$B/unit: $(TOBJ) $(LIB)
	$(call QUIET,LINK,$@)$(CC) $(ALL_LDFLAGS) -o $@ $(TOBJ) $(LIB) $(LIBS) \
		$(shell pkg-config --libs criterion) -lm

$B/%.o: src/%.c $B/with
	$(Q)mkdir -p $(@D)
	$(call QUIET,CC,$<)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$B/tests/%.o: tests/%.c $B/with
	$(Q)mkdir -p $(@D)
	$(call QUIET,CC,$<)$(CC) $(ALL_CFLAGS) -Itests -c -o $@ $<

# What is shipped is inside the program, so an installed binary is whole.
$B/loops.c: $(LOOPS) tests/embed.sh $B/with
	$(Q)sh tests/embed.sh loop/builtin.h builtins $(LOOPS) >$@
$B/hosts.c: $(HOSTS) tests/embed.sh $B/with
	$(Q)sh tests/embed.sh host/builtin.h host_builtins $(HOSTS) >$@
$B/prices.c: $(PRICES) tests/embed.sh $B/with
	$(Q)sh tests/embed.sh host/price_builtin.h price_builtins $(PRICES) >$@
$B/loops.o $B/hosts.o $B/prices.o: $B/%.o: $B/%.c
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Flags and file names: objects depend on both, or a deleted test stays in.
export WITH
$B/with: FORCE
	@mkdir -p $B; printf '%s\n' "$$WITH" | cmp -s - $@ || \
		printf '%s\n' "$$WITH" >$@

check: $B/ll-loop $B/unit $B/shell_texts
	$(Q)sh tests/check.sh $B

lint:
	$(Q)sh tests/lint.sh

# Each file of tests/fuzz/fuzz_*.c is a target of clang's libFuzzer.
SECONDS ?= 10
FUZZERS := $(patsubst tests/fuzz/%.c,$B/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
fuzz: all $B/shell_texts
	$(Q)sh tests/fuzz.sh $B "$(SECONDS)"

fuzzers: $(FUZZERS)
.SECONDARY: $(FUZZERS:$B/%=$B/tests/fuzz/%.o)
$B/fuzz_%: $B/tests/fuzz/fuzz_%.o $(LIB)
	$(call QUIET,LINK,$@)$(CC) -fsanitize=fuzzer $(ALL_LDFLAGS) -o $@ $< \
		$(LIB) $(LIBS) -lm

# The corpus of shell texts, for fuzzing and for the comparison with shfmt.
$B/shell_texts: $B/tests/shfmt/shell_texts.o $(LIB)
	$(call QUIET,LINK,$@)$(CC) $(ALL_LDFLAGS) -o $@ $< $(LIB) $(LIBS) -lm

# Loop files with one thing wrong, for T45.
$B/typos: $B/tests/torture/typos.o $(LIB)
	$(call QUIET,LINK,$@)$(CC) $(ALL_LDFLAGS) -o $@ $< $(LIB) $(LIBS) -lm

# Journals cut and turned, for T34; who polls, for T35.
$B/torn $B/polls: $B/%: $B/tests/torture/%.o $(LIB)
	$(call QUIET,LINK,$@)$(CC) $(ALL_LDFLAGS) -o $@ $< $(LIB) $(LIBS) -lm

torture: all $B/typos $B/torn $B/polls
	$(Q)sh tests/torture.sh $B

# The model of the queue, with spin.
model:
	$(Q)mkdir -p $B
	$(Q)sh tests/model.sh $B

bench: all
	$(Q)sh tests/bench.sh $B

install: all
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(MANDIR)/man1" \
		"$(DESTDIR)$(MANDIR)/man5" "$(DESTDIR)$(MANDIR)/man7"
	install -m 755 $B/ll-loop "$(DESTDIR)$(PREFIX)/bin/ll-loop"
	install -m 644 man/*.1 "$(DESTDIR)$(MANDIR)/man1"
	install -m 644 man/*.5 "$(DESTDIR)$(MANDIR)/man5"
	install -m 644 man/*.7 "$(DESTDIR)$(MANDIR)/man7"

uninstall:
	rm -f "$(DESTDIR)$(PREFIX)/bin/ll-loop"
	for m in $(notdir $(wildcard man/*)); do \
		rm -f "$(DESTDIR)$(MANDIR)/man$${m##*.}/$$m"; done

clean:
	rm -rf build

FORCE:
.PHONY: all check lint fuzz fuzzers torture model bench install uninstall clean FORCE
.DELETE_ON_ERROR:
-include $(OBJ:.o=.d) $(TOBJ:.o=.d) $(wildcard $B/tests/fuzz/*.d) \
	$(wildcard $B/tests/shfmt/*.d $B/tests/torture/*.d)
