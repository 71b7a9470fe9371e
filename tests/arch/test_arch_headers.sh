#!/bin/sh
# Every header compiles alone; every parser compiles without an implicit conversion.
. "${top_srcdir:?}/tests/shlib.sh"
cd "$top_srcdir" || exit 99
: "${top_builddir:?}"

# compile FILE [FLAG...]: says what the compiler says.
compile() {
	# shellcheck disable=SC2086 # CC and the flags are lists
	${CC:-cc} -std=gnu17 -fsyntax-only -Wall -Wextra -Werror -Wno-unused-function -Iagent -I"$top_builddir" \
		${ERM_LIB_CFLAGS-} "$@" 2>&1 || echo "exit status $?"
}

for header in $(find agent tests -name '*.h' | sort); do
	check_silent "$header compiles alone" "$(compile -Itests/unit -x c "$header")"
done
for parser in $(find agent -name '*parse.c' | sort); do
	check_silent "$parser converts nothing silently" \
		"$(compile -Wconversion -Wno-sign-conversion "$parser")"
done
finish
