#!/usr/bin/env bash
# Builds the fuzz targets with clang and runs them, two at a time.
# usage: tests/fuzz/run.sh [TARGET…], of push callback schema reports request
#
# ZHIKU_FUZZ_SECONDS    each target's time (60)
# ZHIKU_FUZZ_BUILD_DIR  where to build (build/fuzz); what made a target fail is
#                       kept in its folder `crashes`
#
# Begins with the inputs kept in tests/fuzz/corpus and never changes them.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd -- "$here/../.." && pwd -P)
build=${ZHIKU_FUZZ_BUILD_DIR:-$root/build/fuzz}
seconds=${ZHIKU_FUZZ_SECONDS:-60}
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=(push callback schema reports request)

found=$(mktemp -d)
trap 'rm -rf -- "$found"' EXIT

export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=true
cmake -S "$here" -B "$build" -G Ninja -DCMAKE_CXX_COMPILER=clang++ >/dev/null
cmake --build "$build" -j 2 --target "${targets[@]/%/_fuzz}"
mkdir -p "$build/crashes"

# fuzz TARGET: new inputs go to the first folder, the others are only read.
fuzz() {
  local target=$1 log=$found/$1.log options=()
  mkdir "$found/$target"
  [ ! -f "$here/$target.dict" ] || options+=("-dict=$here/$target.dict")
  if ! "$build/${target}_fuzz" -max_total_time="$seconds" -timeout=10 \
    -rss_limit_mb=1024 -max_len=8192 -print_final_stats=1 \
    -artifact_prefix="$build/crashes/$target-" "${options[@]}" \
    "$found/$target" "$here/corpus/$target" >"$log" 2>&1; then
    grep -v '^#' "$log" | tail -n 60
    echo "FAILED: $target; the input is in $build/crashes"
    return 1
  fi
  echo "$target: $(sed -n 's/^Done \(.*\)/\1/p' "$log")"
}

export -f fuzz
export here build seconds found
printf '%s\n' "${targets[@]}" | xargs -P 2 -I {} bash -euo pipefail -c 'fuzz {}'
