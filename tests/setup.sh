#!/bin/sh
# A fresh Debian 12 machine, one command, as root or with sudo:
#   sh tests/setup.sh demo    install what is missing, build, and let the loop
#                             `until-green` mend a broken C project
#   sh tests/setup.sh test    install the test packages too, run every test
#   sh tests/setup.sh lint    install what `make lint` needs, and run it
#   sh tests/setup.sh packages   install everything, do nothing else
set -eu
cd "$(dirname "$0")/.."
build="gcc libc6-dev make pkg-config patch bash libyaml-dev libpcre2-dev
	libjansson-dev libxxhash-dev libgit2-dev"
check="libcriterion-dev mandoc procps python3 nodejs git shfmt jq bc strace spin"
lint="clang libclang-rt-14-dev clang-format mandoc shellcheck"

apt() { # apt ARGUMENT...: apt-get as root, never asking anything
	set -- env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@"
	[ "$(id -u)" -eq 0 ] || set -- sudo "$@"
	"$@" </dev/null >/dev/null
}

install() { # install PACKAGE...: those that are missing, if any
	missing=
	for p; do
		state=$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null) || :
		[ "$state" = installed ] || missing="$missing $p"
	done
	[ -n "$missing" ] || return 0
	if ! command -v apt-get >/dev/null; then
		echo "setup.sh: no apt-get here; what is needed:$missing" >&2
		exit 69
	fi
	if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
		echo "setup.sh: neither root nor sudo; as root, run:" >&2
		echo "  apt-get install --no-install-recommends$missing" >&2
		exit 77
	fi
	echo "installing:$missing"
	# shellcheck disable=SC2086 # names of packages
	apt install -y --no-install-recommends $missing 2>/dev/null || {
		apt update
		apt install -y --no-install-recommends $missing
	}
}

demo() {
	rm -rf build/demo
	cp -R tests/demo build/demo
	mkdir build/demo/.loops
	cd build/demo
	echo 'the demo, before:'
	make -s test 2>/dev/null | tail -n 1
	../ll-loop run until-green --context 'check=make -s test' \
		--context 'fix=sh fix.sh'
	echo 'the demo, after:'
	make -s test | tail -n 1
}

case ${1-} in
demo)
	# shellcheck disable=SC2086 # names of packages
	install $build
	make -j"$(nproc)"
	demo
	;;
test)
	# shellcheck disable=SC2086
	install $build $check
	make -j"$(nproc)" check
	;;
lint)
	# shellcheck disable=SC2086
	install $build $lint
	make -j"$(nproc)" lint
	;;
packages)
	# shellcheck disable=SC2086
	install $build $check $lint strace
	;;
*)
	echo 'usage: sh tests/setup.sh demo|test|lint|packages' >&2
	exit 64
	;;
esac
