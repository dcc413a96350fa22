#!/usr/bin/env bash
# Rates of two instances of ours and of an installed Tarantool, in turn: one round is ours (fsync), real write, real
# fsync, each on fresh folders. Usage: rates.sh BENCH_TARANTOOL KIND ROUNDS ROWS WIDTH [MODE...]; KIND: single (WIDTH in
# flight), group (WIDTH rows a transaction, by eval), latency (microseconds: p50 p99), join (a replica joins ROWS rows).
set -eu
program=$1 kind=$2 rounds=$3 rows=$4 width=$5
shift 5
modes=${*:-ours write fsync}
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/rates.XXXXXX")
trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"' EXIT
port=$((20000 + $$ % 20000))

instance() { # MODE NAME PORT PEERS [ro]
    mkdir -p "$folder/$2"
    if [ "$1" = ours ]; then
        "$program" "$folder/$2" "$2" "127.0.0.1:$3" "$4" >"$folder/$2.out" 2>&1 &
    else
        tarantool "$here/real.lua" "$folder/$2" "127.0.0.1:$3" "$4" "$1" "${5:-}" >"$folder/$2.out" 2>&1 &
    fi
    pids="$pids $!"
}

processor() { # seconds that each instance has used
    for pid in $pids; do awk -v hz="$(getconf CLK_TCK)" '{printf " %.2f", ($14 + $15) / hz}' "/proc/$pid/stat"; done
}
memory() { for pid in $pids; do awk '/^VmRSS/ {printf " %d", $2 / 1024}' "/proc/$pid/status"; done; }

one() { # MODE
    port=$((port + 2))
    pids=
    master=127.0.0.1:$port replica=127.0.0.1:$((port + 1))
    instance "$1" master $port "$master"
    if [ "$kind" = join ]; then
        tarantool "$here/client.lua" single $master $master "$rows" 256 >/dev/null
        instance "$1" replica $((port + 1)) "$master,$replica" ro
        result=$(tarantool "$here/client.lua" wait $master $replica "$rows" 0)
    else
        tarantool "$here/client.lua" wait $master $master 1 0 >/dev/null
        instance "$1" replica $((port + 1)) "$master,$replica" ro
        result=$(tarantool "$here/client.lua" "$kind" $master $replica "$rows" "$width")
    fi
    echo "$1 $result (CPU s:$(processor) MB:$(memory))"
    for pid in $pids; do kill "$pid" && wait "$pid" 2>/dev/null || true; done
    rm -rf "$folder/master" "$folder/replica"
}

for _ in $(seq "$rounds"); do
    for mode in $modes; do one "$mode"; done
done
