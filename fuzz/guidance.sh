#!/bin/sh
# Edges of the oracle that a target reaches in the same number of executions of inputs of the same length: blind, from random
# bytes, and guided, where a tenth of them is the same random bytes and the others are what libFuzzer makes of those.
# `./guidance.sh TARGET [EXECUTIONS [LENGTH [SEED]]]`, after `cargo build --release`.
set -eu
cd "$(dirname "$0")"
target=target/release/$1 executions=${2:-20000} length=${3:-128} seed=${4:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/guided" "$work/blind" "$work/start"
edges() { "$target" "$@" 2>&1 | sed -n 's/.* cov: \([0-9]*\) .*/\1/p' | tail -n 1; }

python3 - "$work" "$executions" "$length" "$seed" <<'PYTHON'
import pathlib, random, sys
directory, executions, length, seed = sys.argv[1], *map(int, sys.argv[2:])
randomness = random.Random(seed)
for number in range(executions):
    bytes_ = randomness.randbytes(length)
    pathlib.Path(directory, "blind", f"{number:06}").write_bytes(bytes_)
    if number % 10 == 0:
        pathlib.Path(directory, "start", f"{number:06}").write_bytes(bytes_)
PYTHON
guided=$(edges -runs="$executions" -max_len="$length" -len_control=0 -seed="$seed" "$work/guided" "$work/start")
blind=$(edges -runs=0 -max_len="$length" "$work/blind")
both=$(edges -runs=0 -max_len="$length" "$work/blind" "$work/guided" "$work/start")
echo "$1: $executions executions: guided $guided edges, blind $blind; only guided $((both - blind)), only blind $((both - guided))"
