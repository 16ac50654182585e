"""Two hundred strings that want to be code, each as input, --context value and
capture of one run of the loop `x` in the working directory; the files that
its actions write must hold the same bytes.

Usage: hostile.py LL_LOOP
"""
import itertools
import os
import subprocess
import sys

PIECES = [
    b"$(touch pwned)", b"`touch pwned`", b"'; touch pwned; '",
    b'"; touch pwned; "', b"\ntouch pwned\n", b"; touch pwned #",
    b"&& touch pwned", b"| touch pwned", b"> pwned", b"${IFS}touch${IFS}pwned",
    b"$((a[$(touch pwned)]))", b"-rf /nonexistent", b"--help", b"%s%n%d",
    b"*", b"?[a-z]*", b"~root", b"{a,b}{c,d}", b"\r\n", b"\\", b"\\\\'",
    b"$'\\x41'", b"!!", b"EOF\n", b"\nEOF\ntouch pwned\n", b"<<EOF", b"<(id)",
    b"${context.v}", b"${LL_V0}", b"$${x}", b"${captured.c.output}",
    b"\xe2\x80\xaedwp hcuot", b"\xf0\x9f\x98\x80", b"\xff\xfe\x80",
    b"\xed\xa0\x80", b"\x1b[31mred\x1b[0m", b"\x07\x08\x7f", b"\t \t",
    b"", b" ", b"\n", b"null", b"true", b"0x10", b"1e3", b"[1, 2",
    b"key: value", b"- item", b"# not a comment", b"'", b'"', b"'''", b'"""',
    b"<script>", b"x" * 100000, b"'" * 30000, b"$(" * 1000, b"\\\n" * 500,
]


def strings():
    yield from PIECES
    pairs = itertools.combinations(PIECES[:34], 2)
    for a, b in itertools.islice(pairs, 0, None, 3):
        yield a + b


def content(path):
    with open(path, "rb") as f:
        return f.read()


def runs(ll, value, faults):
    for name in ("dq", "sq", "doc", "env", "input", "capture", "words"):
        if os.path.exists("got_" + name):
            os.unlink("got_" + name)
    done = subprocess.run(
        [ll, "run", "x", "--quiet", "--context", b"v=" + value, "--", value],
        stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode != 0:
        faults.append((value[:60], done.returncode, done.stderr[:300]))
        return
    want = {name: value for name in ("dq", "sq", "env", "input")}
    want["doc"] = value + b"\n"
    want["capture"] = value.rstrip(b"\r\n")
    for name, bytes_ in want.items():
        if content("got_" + name) != bytes_:
            faults.append((name, value[:60], content("got_" + name)[:60]))


def main():
    faults = []
    tried = list(dict.fromkeys(strings()))[:200]
    for value in tried:
        runs(sys.argv[1], value, faults)
        if os.path.exists("pwned"):
            faults.append(("executed", value[:60]))
            os.unlink("pwned")
    for fault in faults[:20]:
        print(fault)
    print(len(tried), "strings,", len(faults), "faults")
    return 1 if faults or len(tried) != 200 else 0


sys.exit(main())
