#!/usr/bin/env bash
# Holds the documents to the repository: what docs/security/asvs.md,
# docs/security/threat-model.md, SECURITY.md and docs/architecture.md name in
# backquotes must exist, the count at the top of asvs.md must be right, and the
# libraries' picture in architecture.md must show the includes of the sources.
#
# Looked at are `suite.test`, file names with one of the endings below, and
# folders, written with a final slash. A file is found by the end of its path,
# so that moving it to another folder breaks nothing.
#
# usage: asvs_check.sh [--write]   with --write the count is put right
set -euo pipefail
# Tests hold bytes that are no text.
export LC_ALL=C

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
cd -- "$root"

asvs=docs/security/asvs.md
architecture=docs/architecture.md
documents=("$asvs" docs/security/threat-model.md SECURITY.md "$architecture")
endings='cpp|hpp|sql|md|toml|json|sh|mjs|cmake|txt'
# Requirements of ASVS 5.0.0 on levels 1 and 2.
level_1=70
level_2=183

faults=0
fault() {
  printf '%s\n' "$*" >&2
  faults=$((faults + 1))
}

declare -A tests=() files=()

read_tests() {
  local name list
  mapfile -t list < <(repository 'tests/*.cpp')
  while IFS= read -r name; do
    tests[$name]=1
  done < <(cat -- "${list[@]}" | tr '\n' ' ' \
    | grep -aoE '\b(TEST|TEST_F|TEST_P|RC_GTEST_PROP)\( *\w+, *\w+' \
    | sed -E 's/^.*\( *//; s/, */./')
}

# Our files as git knows them, those not yet added included.
repository() {
  git -c safe.directory="$root" ls-files -co --exclude-standard -- "$@"
}

# Every end of every path that begins at a name.
read_files() {
  local path
  while IFS= read -r path; do
    files[$path]=1
    while [[ $path == */* ]]; do
      path=${path#*/}
      files[$path]=1
    done
  done < <(repository)
}

# quoted DOCUMENT: the texts in backquotes, fenced blocks left out.
quoted() {
  # shellcheck disable=SC2016  # backquotes of Markdown
  awk '/^ *```/ { fenced = !fenced; next } !fenced' "$1" \
    | grep -oE '`[^`]+`' | tr -d '`' | sort -u
}

is_missing() {
  if [[ $1 =~ ^[A-Za-z0-9_.][A-Za-z0-9_./-]*\.($endings)$ ]]; then
    [[ -z ${files[$1]:-} ]]
  elif [[ $1 =~ ^[a-z_]+(/[a-z_]+)*/$ ]]; then
    [[ ! -d $1 ]]
  elif [[ $1 =~ ^[A-Za-z_0-9]+\.[A-Za-z_0-9]+$ ]]; then
    # A setting of the example file looks the same.
    [[ -z ${tests[$1]:-} ]] && ! is_setting "$1"
  else
    return 1
  fi
}

is_setting() {
  awk -v table="[${1%%.*}]" -v key="${1#*.}" '
    /^\[/ { inside = $0 == table }
    inside && $0 ~ "^(# )?" key "(_file)? = " { found = 1 }
    END { exit !found }' config/zhiku.example.toml
}

check_references() {
  local document name
  for document in "${documents[@]}"; do
    if [[ ! -f $document ]]; then
      fault "$document is missing"
      continue
    fi
    while IFS= read -r name; do
      ! is_missing "$name" || fault "$document names what is not there: $name"
    done < <(quoted "$document")
  done
}

# The rows of requirements as: id, level, state, where.
rows() {
  sed -nE 's/^\| V([0-9.]+) L([12]) \|[^|]*\| ([a-z ]+) \| (.*) \|$/\1|\2|\3|\4/p' \
    "$asvs"
}

check_rows() {
  local id state where
  while IFS='|' read -r id _ state where; do
    case $state in
      met)
        [[ $where == *'`'* || $where == *']('* ]] \
          || fault "$asvs: $id is met, but names nothing that shows it"
        ;;
      open | 'not applicable')
        [[ -n $where ]] || fault "$asvs: $id has no reason"
        ;;
      *) fault "$asvs: $id has the state '$state'" ;;
    esac
  done < <(rows)
  check_number 1 "$level_1"
  check_number 2 "$level_2"
}

check_number() {
  local seen
  seen=$(rows | awk -F'|' -v level="$1" '$2 == level && !seen[$1]++' | wc -l)
  [[ $seen -eq $2 && $(rows | wc -l) -eq $((level_1 + level_2)) ]] \
    || fault "$asvs: $seen requirements of level $1, not $2 (or some twice)"
}

count_of() {
  rows | awk -F'|' -v level="$1" -v state="$2" \
    '$3 == state && (level == "" || $2 == level)' | wc -l
}

counted() {
  local state
  printf '| state | level 1 | level 2 | both |\n| --- | --- | --- | --- |\n'
  for state in met open 'not applicable'; do
    printf '| %s | %s | %s | %s |\n' "$state" "$(count_of 1 "$state")" \
      "$(count_of 2 "$state")" "$(count_of '' "$state")"
  done
}

check_count() {
  local now
  now=$(awk '/^<!-- count -->$/ { on = 1; next } /^<!-- end -->$/ { on = 0 } on' \
    "$asvs")
  [[ $now == "$(counted)" ]] \
    || fault "$asvs: the count is not that of the rows; run $0 --write"
}

write_count() {
  local made=$asvs.new
  awk -v table="$(counted)" '
    /^<!-- end -->$/ { on = 0 }
    !on { print }
    /^<!-- count -->$/ { on = 1; print table }' "$asvs" >"$made"
  mv -- "$made" "$asvs"
}

# The arrows that the picture shows, as "from to".
arrows_drawn() {
  awk '/^<!-- libraries -->$/ { on = 1 } on && /^```$/ { exit } on' \
    "$architecture" \
    | sed -nE 's/^ +([a-z]+) --> ?(\|[^|]*\|)? ?([a-z]+)$/\1 \3/p' | sort -u
}

# Those that the includes of our libraries make.
arrows_included() {
  local folder list
  for folder in */CMakeLists.txt; do
    folder=${folder%/*}
    [[ $folder != tests && $folder != bench ]] || continue
    mapfile -t list < <(repository "$folder/*.cpp" "$folder/*.hpp")
    cat -- "${list[@]}" \
      | sed -nE "s/^#include \"([a-z]+)\/.*/$folder \1/p"
  done | awk '$1 != $2' | sort -u
}

check_arrows() {
  local difference
  difference=$(diff <(arrows_drawn) <(arrows_included) || true)
  [[ -z $difference ]] \
    || fault "$architecture: the arrows (<) are not the includes (>):" \
      $'\n'"$difference"
}

[[ ${1:-} != --write ]] || write_count
read_tests
read_files
check_references
check_arrows
check_rows
check_count
[[ $faults -eq 0 ]] || exit 1
printf 'documents: %s requirements, all that is named is there\n' \
  "$((level_1 + level_2))" >&2
