#!/usr/bin/env bash
# tools.sh - what the tests of reports run with: Chromium's driver, axe, and schemas (package.json).
#
#   tools.sh up                 install them, once for each package-lock.json
#   tools.sh run SCRIPT [ARG]   run a test by node, with NODE_TOOLS naming where they are
#
# Exit code 77 (skipped), and a loud line, where they cannot be had; 1 if CI=true.
set -euo pipefail
unset CDPATH
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

give_up() {
  local word=SKIPPED code=77
  [ "${CI-}" != true ] || { word="FAILED (CI=true)" code=1; }
  echo "$word: no tests of reports: $1" >&2
  exit $code
}

home=${XDG_CACHE_HOME:-$HOME/.cache}/meshproof-web
tools=$home/$(sha256sum "$here/package-lock.json" | cut -c1-16)

up() {
  local program
  for program in node npm chromium xmllint; do
    command -v $program >/dev/null || give_up "$program is missing (./dev install)"
  done
  [ ! -e "$tools/whole" ] || return 0
  # Beside the place where it is looked for, so that an interrupted run leaves nothing half there.
  local fresh
  mkdir -p "$home"
  fresh=$(mktemp -d "$home/new.XXXXXX")
  cp "$here/package.json" "$here/package-lock.json" "$fresh"
  (cd "$fresh" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >&2 ||
    { rm -rf "$fresh"; give_up "npm could not install $here/package.json"; }
  touch "$fresh/whole"
  rm -rf "$tools"
  mv "$fresh" "$tools"
}

case ${1-} in
  up) up ;;
  run)
    up
    shift
    CHROMIUM=$(command -v chromium) NODE_TOOLS=$tools/node_modules exec node "$here/$1" "${@:2}"
    ;;
  *)
    sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
