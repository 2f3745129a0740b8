#!/usr/bin/env bash
# Checks the register's protocol exhaustively with spin: the rules as they are must hold, and each planted fault
# must be found. Prints one line a check and exits 1 if one is not as it must be, 2 if a tool is missing.
#
#   scripts/model.sh          every check; two to three minutes on two idle cores, below 4 GiB of memory
#   scripts/model.sh --deep   the same with larger bounds besides; about ten minutes, up to 16 GiB of memory
set -euo pipefail

model="$(cd "$(dirname "${BASH_SOURCE[0]}")/../docs/model" && pwd)/register.pml"

# Two checks run at a time, so each may use a little less than half of the memory.
jobs_max=2
memory_mib=1950
if [[ "${1:-}" == "--deep" ]]; then memory_mib=8000; fi

require() {
  command -v "$1" >/dev/null 2>&1 && return
  echo "model: $1 is missing; install the Debian package $2 (apt-get install $2)" >&2
  exit 2
}
require spin spin
compiler="${CC:-gcc}"
require "$compiler" gcc

# Each check is a process group of its own, so that an interrupted run leaves no verifier behind.
set -m
scratch="$(mktemp -d)"
clean_up() {
  local group
  for group in $(jobs -p); do kill -- "-$group" 2>/dev/null || true; done
  rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# Builds and runs one verifier in the current folder. No partial order reduction and no hash compaction: the search is
# plain and complete, so nothing rests on those being right for this model.
explore() {
  local optimize="$1"
  shift
  cp "$model" register.pml
  spin -a "$@" register.pml >spin.txt 2>&1 || return 1
  "$compiler" "$optimize" -w -DSAFETY -DNOREDUCE -DNOFAIR -DNOBOUNDCHECK -DMEMLIM="$memory_mib" -o pan pan.c 2>gcc.txt || return 1
  # The verifier exits with zero after errors too; what it prints is what counts.
  ./pan -m10000 -w25 >pan.txt 2>&1 || true
}

fail() {
  echo "$1: FAILED: $2"
  grep -hE '^(spin|pan):|error:|Warning|MEMLIM' spin.txt gcc.txt pan.txt 2>/dev/null | head -n 12 | sed 's/^/    /' || true
  return 1
}

# Was the search cut short? Each of these lines means that some states were never looked at.
is_cut_short() {
  grep -qiE 'max search depth too small|out of memory|memlim|search not completed|hash array|interrupted' pan.txt
}

must_hold() {
  local name="model register, $1"
  shift
  local began_s=$SECONDS
  explore -O2 "$@" || { fail "$name" 'the verifier was not built'; return 1; }
  if ! grep -q 'errors: 0$' pan.txt; then fail "$name" 'spin found an error'; return 1; fi
  if is_cut_short; then fail "$name" 'the search did not reach its end'; return 1; fi
  local states
  states="$(awk '/states, stored/ { printf "%d", $1 }' pan.txt)"
  echo "$name: ok, ${states:?no count of states} states, $((SECONDS - began_s)) s"
}

# An error only counts if it is a violated property: a fault that deadlocks the model, say, would prove nothing.
must_fail() {
  local name="model register $1" says="$2"
  shift 2
  explore -O1 "$@" || { fail "$name" 'the verifier was not built'; return 1; }
  if grep -qE 'errors: [1-9]' pan.txt && grep -q 'assertion violated' pan.txt; then
    echo "$name: $says, as it must"
  else
    fail "$name" 'spin found no error, but it must'
  fi
}

# Starts a check in its own folder, as soon as one of the places is free.
started=0
failed=0
finish_one() {
  wait -n || failed=1
  started=$((started - 1))
}
check() {
  if ((started >= jobs_max)); then finish_one; fi
  local folder
  folder="$(mktemp -d "$scratch/check.XXXXXX")"
  # Verifiers and their error trails are dropped at once; only the lines that were printed matter afterwards.
  (
    cd "$folder"
    outcome=0
    "$@" || outcome=1
    rm -rf "$folder"
    exit "$outcome"
  ) &
  started=$((started + 1))
}

planted() { check must_fail "-D$1" 'error found' "-D$1" "${@:2}"; }
reached() { check must_fail "-D$1" 'reached' "-D$1" "${@:2}"; }

# The rules as they are. Bounds are explained in docs/model/README.md. Lists are two bits a table: 21 is three voters, 5 is two
# of three tables, 1 is one of three, 85 is four.
check must_hold 'three voters, any change of the list' -DFOUNDED=21
check must_hold 'two voters of three tables' -DFOUNDED=5
check must_hold 'one voter of three tables, three changes' -DFOUNDED=1 -DSTEPS=3
check must_hold 'a table lost, what was left is finished' -DFOUNDED=21 -DBALLOTS=5 -DLOSSES=1 -DCHECK_RESUME
check must_hold 'a table restored from a backup' -DFOUNDED=21 -DBALLOTS=5 -DRESTORES -DLOSSES=1 -DSTEPS=0
check must_hold 'genesis, two tables lost' -DBALLOTS=6 -DLOSSES=2 -DSTEPS=0 -DCHECK_RESUME

if [[ "${1:-}" == "--deep" ]]; then
  check must_hold 'four voters, any change of the list' -DTABLES=4 -DFOUNDED=85 -DBALLOTS=6
  check must_hold 'three voters of four tables' -DTABLES=4 -DFOUNDED=21 -DBALLOTS=6
  check must_hold 'three voters, six attempts' -DFOUNDED=21 -DBALLOTS=8
  check must_hold 'tables lost twice, four attempts' -DFOUNDED=21 -DBALLOTS=6 -DLOSSES=2 -DCHECK_RESUME
fi

# Planted faults; the first five break Paxos itself, the others are natural rules for lists of voters that are unsafe.
planted NO_INCARNATION -DFOUNDED=21 -DLOSSES=1 -DSTEPS=0
planted ACCEPT_IGNORES_PROMISE -DFOUNDED=21 -DSTEPS=0
planted PROPOSER_IGNORES_ACCEPTED -DFOUNDED=21 -DSTEPS=0
planted NO_MAJORITY -DFOUNDED=21 -DSTEPS=0
planted CALLERS_MAJORITY -DFOUNDED=21 -DSTEPS=0
planted TWO_AT_A_TIME -DFOUNDED=1
planted RESTORED_VOTES -DFOUNDED=21 -DRESTORES -DLOSSES=1 -DSTEPS=0
planted IN_ONE_STEP -DTABLES=4 -DFOUNDED=85 -DBALLOTS=6
planted GENESIS_ONE_STEP -DBALLOTS=6 -DLOSSES=1 -DSTEPS=0
planted HOLDING_SKIPPED -DBALLOTS=6 -DLOSSES=2 -DSTEPS=0 -DCHECK_RESUME

# What the checks above must be able to reach, or they would hold for want of it.
reached REACH_GROWN -DFOUNDED=5
reached REACH_SHRUNK -DFOUNDED=21

while ((started > 0)); do finish_one; done
if ((failed != 0)); then
  echo 'model register: FAILED' >&2
  exit 1
fi
