#!/bin/sh
# Edges of the oracle that a target reaches in the same number of executions of inputs of the same length: guided by what is
# new, and blind, from random bytes. `./guidance.sh TARGET [EXECUTIONS [LENGTH [SEED]]]`, after `cargo build --release`.
set -eu
cd "$(dirname "$0")"
target=target/release/$1 executions=${2:-20000} length=${3:-1024} seed=${4:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/guided" "$work/blind"
edges() { sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$1" | tail -n 1; }

"$target" -runs="$executions" -max_len="$length" -len_control=0 -seed="$seed" "$work/guided" 2>"$work/guided.log"
python3 - "$work/blind" "$executions" "$length" "$seed" <<'PYTHON'
import pathlib, random, sys
directory, executions, length, seed = sys.argv[1], *map(int, sys.argv[2:])
bytes_of = random.Random(seed).randbytes
for number in range(executions):
    pathlib.Path(directory, f"{number:06}").write_bytes(bytes_of(length))
PYTHON
"$target" -runs=0 -max_len="$length" "$work/blind" 2>"$work/blind.log"
echo "$1: $executions executions, guided $(edges "$work/guided.log"), blind $(edges "$work/blind.log") edges"
