#!/usr/bin/env bash
# Every bench in a sensible order, on a machine that does nothing else. Prints as it goes and writes
# the tables to target/bench/results.md. Needs Rust; for the weekly run postfix (its programs, not its
# service) and PostgreSQL's binaries; without them it says what it skipped.
#
#   benches/all.sh             about half an hour on two cores
#   benches/all.sh --quick     2,000 recipients, one run each: a few minutes, to see that all works
#   benches/all.sh --large     the same as the first and 200,000 and 1,000,000 recipients
set -euo pipefail
cd "$(dirname "$0")/.."

recipients=20000 repeat=3 large=
case "${1:-}" in
    "") ;;
    --quick) recipients=2000 repeat=1 ;;
    --large) large=yes ;;
    *)
        echo "benches/all.sh [--quick | --large]" >&2
        exit 2
        ;;
esac

results=target/bench/results.md
mkdir -p target/bench
cargo bench --no-run

machine() {
    echo "# Benches of $(date -u +%Y-%m-%d)"
    echo
    echo "$(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1);" \
        "Linux $(uname -r); $(rustc --version);" \
        "commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown);" \
        "load $(cut -d' ' -f1 /proc/loadavg) at the start."
    echo
}

bench() {
    echo "--- $*" >&2
    cargo bench --quiet --bench "$@" | tee -a "$results"
}

week() {
    bench week -- --repeat "$repeat" "$@"
}

machine | tee "$results"
bench facts
bench render
bench sign
bench trend
week --recipients "$recipients"
week --recipients "$recipients" --connections 16 --apart 0
for workers in 2 4; do
    week --recipients "$recipients" --engines postgres --workers "$workers" --apart 0
done
for delay in 2 20; do
    week --recipients 2000 --delay "$delay" --apart 0
    week --recipients 2000 --delay "$delay" --connections 32 --apart 0
done
# That time and memory grow no faster than the crowd, and what many small organizations cost.
week --recipients "$((recipients / 4))" --apart 0
week --recipients "$recipients" --per-organization 20
if [ -n "$large" ]; then
    bench week -- --recipients 200000 --repeat 1
    bench week -- --recipients 1000000 --repeat 1
fi
echo "Written to $results." >&2
