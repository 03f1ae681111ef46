#!/usr/bin/env bash
# kube-down.sh [--keep] [STATE_DIR] - stop what kube-up.sh started there (default: $KUBE_STATE); removes the
# directory too, unless --keep. Only signals processes whose PID and command line are those kube-up.sh recorded.
set -uo pipefail
keep=; [ "${1-}" != --keep ] || { keep=1; shift; }
state=${1:-${KUBE_STATE-}}
[ -n "$state" ] || { echo "kube-down: ERROR: no state directory given (argument or KUBE_STATE)" >&2; exit 2; }
[ -d "$state" ] || exit 0
[ -e "$state/.kubeenv" ] || { echo "kube-down: ERROR: $state was not made by kube-up.sh" >&2; exit 2; }
ours() { { tr '\0' ' ' < "/proc/$1/cmdline"; } 2>/dev/null | grep -qF -- "$state/"; }
for n in kube-apiserver etcd; do
  [ -s "$state/$n.pid" ] || continue
  p=$(cat "$state/$n.pid")
  if ours "$p"; then
    kids=$(cat "/proc/$p/task/$p/children" 2>/dev/null)
    # Nothing of it is kept, so nothing has to end in good order: that would take 10 s.
    for k in $p $kids; do ours "$k" && kill -KILL "$k" 2>/dev/null; done
    for _ in $(seq 1 100); do ours "$p" || break; sleep 0.1; done
  fi
  rm -f "$state/$n.pid"
done
[ ! -s "$state/sockdir" ] || { s=$(cat "$state/sockdir"); case $s in /tmp/ke.*) rm -rf "$s" ;; esac; }
rm -f "$state/server" "$state/sockdir"
if [ -n "$keep" ]; then rm -rf "$state/etcd"; mkdir -p "$state/etcd"; else rm -rf "$state"; fi
exit 0
