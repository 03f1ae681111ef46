#!/usr/bin/env bash
# suite.sh - the one API server that the tests of a build tree share (see README.md).
#
#   suite.sh up STATE_DIR      start it, with the custom kinds of crds.txt; builds the binaries if it has to
#   suite.sh down STATE_DIR    stop it
#   suite.sh can               whether this machine has an API server or can build one
#
# Exit code 77 (skipped), and a loud line, where there is none and none can be built; 1 if CI=true.
set -euo pipefail
unset CDPATH
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

no_server() {
  local word=SKIPPED code=77
  [ "${CI-}" != true ] || { word="FAILED (CI=true)" code=1; }
  echo "$word: no API server: etcd, kube-apiserver and kubectl are missing and cannot be built" >&2
  echo "  set KUBEBUILDER_ASSETS to a directory that holds them, or put Go 1.26 or later on PATH" >&2
  exit $code
}

# One CustomResourceDefinition for each line of crds.txt.
crds() {
  local group kind plural scope versions status version stored
  while read -r group kind plural scope versions status; do
    case $group in '#'* | '') continue ;; esac
    stored=${versions##*,}
    cat <<Y
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: $plural.$group}
spec:
  group: $group
  scope: $scope
  names: {kind: $kind, listKind: ${kind}List, plural: $plural, singular: ${kind,,}}
  versions:
Y
    for version in ${versions//,/ }; do
      cat <<Y
  - name: $version
    served: true
    storage: $([ "$version" = "$stored" ] && echo true || echo false)
    subresources: {$([ "$status" = - ] || echo "status: {}")}
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
Y
    done
  done <"$here/crds.txt"
}

# kube-up.sh for a step that may find out that there can be no server.
kube_up() {
  local status=0
  "$here/kube-up.sh" "$@" || status=$?
  [ $status != 3 ] || no_server
  return $status
}

up() {
  kube_up --build-only >/dev/null
  # What an interrupted run left behind stops here: its server would stop by itself in the middle.
  "$here/kube-down.sh" "$state"
  mkdir -p "$(dirname "$state")"
  local started
  # Longer than the slow tests; the clean-up stops it before, if nobody kills ctest.
  started=$(KUBE_NO_BUILD=1 KUBE_TTL=14400 KUBE_STATE=$state "$here/kube-up.sh")
  local assets=${started##*KUBEBUILDER_ASSETS=}
  kubectl() {
    "$assets/kubectl" --kubeconfig "$state/kubeconfig" --cache-dir "$state/kubectl-cache" "$@"
  }
  crds | kubectl create -f - >/dev/null
  kubectl wait --for condition=Established --timeout 60s crds --all >/dev/null
  # Established kinds may still answer 429: storage is (re)initializing.
  local kinds left=100
  kinds=$(kubectl get crds -o name | sed 's,.*/,,' | paste -sd,)
  until kubectl get "$kinds" --all-namespaces >/dev/null 2>&1; do
    left=$((left - 1))
    [ $left -gt 0 ] || { echo "suite.sh: the custom kinds are not served" >&2; exit 1; }
    sleep 0.1
  done
  # Written last: who finds this file finds a server that is ready.
  echo "$started" >"$state/env"
  echo "the API server of the tests runs: $(cat "$state/server")"
}

state=${2-}
case "${1-}" in
  up | down) [ -n "$state" ] || { echo "suite.sh: no state directory given" >&2; exit 2; } ;;
esac
case "${1-}" in
  up) up ;;
  down) "$here/kube-down.sh" "$state" ;;
  can) kube_up --can-build ;;
  *)
    sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
