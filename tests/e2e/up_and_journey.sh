#!/usr/bin/env bash
# up_and_journey.sh BUILD_DIR: `./dev up`, `./dev journey`, the attacks that must
# fail, and `./dev down` in a place and on ports of their own.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

is_free() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Below the range from which the kernel takes ports for clients.
free_port() {
  local port
  until port=$((20000 + RANDOM % 10000)) && is_free "$port"; do :; done
  echo "$port"
}

place=$(mktemp -d /var/tmp/zhiku-e2e-XXXXXX)
chmod 755 "$place"
ZHIKU_HTTP_PORT=$(free_port)
ZHIKU_SANDBOX_PORT=$(free_port)
export ZHIKU_HTTP_PORT ZHIKU_SANDBOX_PORT
export ZHIKU_BUILD_DIR=$1 ZHIKU_VAR=$place/var

finish() {
  ./dev down || true
  rm -rf -- "$place"
}
trap finish EXIT

./dev up
./dev journey
"$1/bin/zhiku-exploits" --server "http://127.0.0.1:$ZHIKU_HTTP_PORT" \
  --sandbox "http://127.0.0.1:$ZHIKU_SANDBOX_PORT"
