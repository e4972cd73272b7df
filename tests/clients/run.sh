#!/usr/bin/env bash
# run.sh SANDBOX FOLDER: public WeChat clients, as published, against the
# program SANDBOX. They are installed into FOLDER, once for each lock file.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
export ZHIKU_SANDBOX=$1
folder=$2

mkdir -p "$folder"
if ! cmp -s "$here/package-lock.json" "$folder/installed-lock.json"; then
  cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$folder"
  npm ci --prefix "$folder" --ignore-scripts
  cp "$here/package-lock.json" "$folder/installed-lock.json"
fi

export NODE_PATH=$folder/node_modules
exec node --test "$here"/*.test.js
