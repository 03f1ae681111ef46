#!/usr/bin/env bash
# kube-up.sh - start a throw-away, real Kubernetes control plane (etcd + kube-apiserver) on 127.0.0.1.
#
#   kube-up.sh                    start in the background; prints KUBECONFIG=... and friends (eval-able)
#   kube-up.sh -- CMD ARGS...     start, run CMD with KUBECONFIG set, stop and clean up; exits with CMD's status
#   kube-up.sh --build-only       only make sure the binaries exist
#   kube-up.sh --can-build        only say whether they exist or could be built
#   kube-down.sh [STATE_DIR]      stop what the first form started
#
# Exit code 3: the binaries are missing and this machine cannot build them, or may not (KUBE_NO_BUILD).
#
# Environment (all optional):
#   KUBEBUILDER_ASSETS   directory holding etcd, kube-apiserver, kubectl (envtest convention); filled by a
#                        build from the Go module proxy when one of them is missing.
#                        Default: ${XDG_CACHE_HOME:-~/.cache}/kubeenv/<k8s version>-<os>-<arch>
#   KUBE_STATE           state directory (certs, logs, data, pids). Default: a fresh mktemp -d.
#                        Given and already healthy: reused (idempotent).
#   KUBE_BUILD_JOBS      go build -p (default 2)        KUBE_NO_BUILD=1   fail rather than build
#   KUBE_WAIT            seconds to wait for readyz (default 120)
#   KUBE_TTL             background mode: everything stops by itself after this many seconds (default 7200)
#   KUBE_APISERVER_EXTRA extra kube-apiserver flags, space separated (e.g. --max-requests-inflight=5)
set -euo pipefail
umask 077
unset CDPATH

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
moddir=${KUBE_MODDIR:-$here/kubeenv}              # go.mod + go.sum that pin every version
say()  { printf 'kube-up: %s\n' "$*" >&2; }
die()  { say "ERROR: $*"; exit 1; }
cannot_build() { say "ERROR: $*"; exit 3; }

mode=daemon
case "${1-}" in
  --build-only) mode=build; shift ;;
  --can-build) mode=check; shift ;;
  --) mode=exec; shift; [ $# -gt 0 ] || die "'--' needs a command" ;;
  '') ;;
  -h|--help) sed -n '2,/^set -/p' "${BASH_SOURCE[0]}" | sed '$d; s/^# \{0,1\}//'; exit 0 ;;
  *) die "unknown argument '$1' (see --help)" ;;
esac

[ -r "$moddir/go.mod" ] && [ -r "$moddir/go.sum" ] || die "$moddir/go.mod and go.sum are needed (they pin the versions)"
kver=$(sed -n 's/^.*k8s\.io\/kubernetes v\([0-9.]*\).*$/\1/p' "$moddir/go.mod" | head -n1)
[ -n "$kver" ] || die "no k8s.io/kubernetes version in $moddir/go.mod"
case "$(uname -m)" in x86_64) arch=amd64 ;; aarch64|arm64) arch=arm64 ;; *) arch=$(uname -m) ;; esac
os=$(uname -s | tr '[:upper:]' '[:lower:]')
assets=${KUBEBUILDER_ASSETS:-${XDG_CACHE_HOME:-$HOME/.cache}/kubeenv/$kver-$os-$arch}

# ---------------------------------------------------------------- build
missing() { for b in etcd kube-apiserver kubectl; do [ -x "$assets/$b" ] || printf '%s ' "$b"; done; }

can_build() {
  local m; m=$(missing); [ -n "$m" ] || return 0
  [ -z "${KUBE_NO_BUILD-}" ] || cannot_build "missing in $assets: $m(KUBE_NO_BUILD is set)"
  command -v go >/dev/null || cannot_build "missing in $assets: $m- and no 'go' on PATH to build them"
  local want have; want=$(sed -n 's/^go \([0-9.]*\)$/\1/p' "$moddir/go.mod"); have=$(GOTOOLCHAIN=local go env GOVERSION)
  [ "$(printf '%s\n%s\n' "$want" "${have#go}" | sort -V | head -n1)" = "$want" ] || cannot_build "go >= $want needed, found $have"
}

build() {
  local m; m=$(missing); [ -n "$m" ] || return 0
  mkdir -p "$assets" || die "cannot create $assets"
  local avail; avail=$(df -Pm "$assets" | awk 'NR==2{print $4}')
  [ "$avail" -ge 400 ] || die "less than 400 MB free at $assets"
  exec 9>"$assets/.lock"
  flock -n 9 || { say "another build holds $assets/.lock; waiting"; flock 9; }
  m=$(missing)
  if [ -n "$m" ]; then
    local t0=$SECONDS work ver="k8s.io/component-base/version" b pkg
    work=$(mktemp -d "$assets/.build.XXXXXX"); trap 'rm -rf "$work"' EXIT
    cp "$moddir/go.mod" "$moddir/go.sum" "$work/"
    for b in $m; do
      case $b in etcd) pkg=go.etcd.io/etcd/server/v3 ;; *) pkg=k8s.io/kubernetes/cmd/$b ;; esac
      say "building $b ($pkg)..."
      ( cd "$work" && env GOWORK=off GOTOOLCHAIN=local GOFLAGS=-mod=readonly CGO_ENABLED=0 \
          go build -p "${KUBE_BUILD_JOBS:-2}" -trimpath -buildvcs=false -o "$work/$b" -ldflags "-s -w \
          -X $ver.gitVersion=v$kver -X $ver.gitMajor=${kver%%.*} -X $ver.gitMinor=$(echo "$kver" | cut -d. -f2) \
          -X $ver.gitTreeState=clean -X $ver.gitCommit=unknown" "$pkg" 9>&- >&2 ) || die "building $b failed (is the Go module proxy reachable?)"
      mv "$work/$b" "$assets/$b"
    done
    rm -rf "$work"; trap - EXIT
    say "built $m in $((SECONDS - t0))s -> $assets"
  fi
  exec 9>&-
}
can_build
[ $mode != check ] || exit 0
build
[ $mode != build ] || { echo "KUBEBUILDER_ASSETS=$assets"; exit 0; }

for t in openssl curl; do command -v $t >/dev/null || die "'$t' is needed"; done

# ---------------------------------------------------------------- state directory
print_env() {
  printf 'KUBECONFIG=%s\nKUBE_STATE=%s\nKUBE_SERVER=%s\nKUBEBUILDER_ASSETS=%s\n' \
    "$state/kubeconfig" "$state" "$(cat "$state/server")" "$assets"
}
probe() { curl -s -m 5 -o /dev/null -w '%{http_code}' --noproxy '*' --cacert "$state/pki/ca.crt" \
            --cert "$state/pki/admin.crt" --key "$state/pki/admin.key" "$1" 2>/dev/null || true; }

if [ -n "${KUBE_STATE-}" ]; then
  mkdir -p "$KUBE_STATE"; state=$(cd "$KUBE_STATE" && pwd)
  exec 8>"$state/.lock"; flock 8
  if [ -e "$state/server" ] && [ "$(probe "$(cat "$state/server")/readyz")" = 200 ]; then
    [ $mode = daemon ] || die "$state already runs; use 'kube-up.sh' without '--', or another KUBE_STATE"
    say "already running"; print_env; exit 0
  fi
  if [ -e "$state/.kubeenv" ]; then "$here/kube-down.sh" --keep "$state" >&2 || true
  elif [ -n "$(find "$state" -mindepth 1 -maxdepth 1 ! -name .lock | head -n1)" ]; then
    die "$state is not empty and was not made by kube-up.sh"
  fi
else
  state=$(mktemp -d "${TMPDIR:-/tmp}/kubeenv.XXXXXX")
fi
: > "$state/.kubeenv"
mkdir -p "$state/pki" "$state/log" "$state/etcd"

pids=()
teardown() {
  local rc=$?; trap - EXIT INT TERM HUP
  if [ "$rc" -ne 0 ] && [ -z "${ready-}" ]; then
    for l in etcd kube-apiserver; do
      [ -s "$state/log/$l.log" ] && { say "--- last lines of $l.log"; tail -n 15 "$state/log/$l.log" >&2; }
    done
  fi
  "$here/kube-down.sh" "$state" >&2 8>&- || true
  exit "$rc"
}
trap teardown EXIT; trap 'exit 130' INT; trap 'exit 143' TERM; trap 'exit 129' HUP

# ---------------------------------------------------------------- certificates, keys, kubeconfig
pki() (
  cd "$state/pki"
  key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1" 2>/dev/null; }
  key ca.key
  openssl req -x509 -new -key ca.key -days 30 -subj /CN=kubeenv-ca -out ca.crt \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
  cert() { # name subject extension-lines
    key "$1.key"; openssl req -new -key "$1.key" -subj "$2" -out "$1.csr" 2>/dev/null
    printf '%b\n' "$3" > "$1.ext"
    openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile "$1.ext" -out "$1.crt" 2>/dev/null
  }
  cert server /CN=kube-apiserver "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default.svc\nextendedKeyUsage=serverAuth\nkeyUsage=digitalSignature"
  cert admin /O=system:masters/CN=admin "extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature"
  key sa.key; openssl pkey -in sa.key -pubout -out sa.pub 2>/dev/null
  printf '%s,token-admin,token-admin,"system:masters"\n' "$(openssl rand -hex 16)" > tokens.csv
  cut -d, -f1 tokens.csv > admin.token
) 
[ -s "$state/pki/admin.token" ] || pki || die "openssl failed"

kubeconfig() {
  local b="base64 -w0"
  cat > "$state/kubeconfig" <<K
apiVersion: v1
kind: Config
clusters:
- name: kubeenv
  cluster: {server: "$1", certificate-authority-data: $($b < "$state/pki/ca.crt")}
users:
- name: admin
  user: {client-certificate-data: $($b < "$state/pki/admin.crt"), client-key-data: $($b < "$state/pki/admin.key")}
- name: token-admin
  user: {token: "$(cat "$state/pki/admin.token")"}
contexts:
- name: kubeenv
  context: {cluster: kubeenv, user: admin, namespace: default}
- name: kubeenv-token
  context: {cluster: kubeenv, user: token-admin, namespace: default}
current-context: kubeenv
K
}

# ---------------------------------------------------------------- processes
# exec mode: children die with this script even when it is SIGKILLed; background mode: they die after KUBE_TTL.
if [ $mode = exec ] && setpriv --pdeathsig KILL true 2>/dev/null; then wrap=(setpriv --pdeathsig KILL)
else wrap=(setsid timeout --kill-after=10 "${KUBE_TTL:-7200}"); fi

launch() { # name args...
  local n=$1; shift
  "${wrap[@]}" "$assets/$n" "$@" </dev/null >"$state/log/$n.log" 2>&1 8>&- &
  echo $! > "$state/$n.pid"
}
alive() { kill -0 "$(cat "$state/$1.pid")" 2>/dev/null; }
freeport() { # a port nobody listens on now; the caller retries when it loses the race
  local p i
  for i in $(seq 1 50); do
    p=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || { echo "$p"; return; }
  done
  return 1
}
deadline=$((SECONDS + ${KUBE_WAIT:-120}))

# etcd: unix sockets only (no port to collide on, no TLS needed: the directory is 0700). A socket path is
# at most 107 bytes, so they live in a short-named directory of their own.
sock=$(mktemp -d /tmp/ke.XXXXXX); echo "$sock" > "$state/sockdir"
# (The advertised URLs must look like host:port; nobody dials them in a single-member cluster.)
launch etcd --name kubeenv --data-dir "$state/etcd" --unsafe-no-fsync --log-level warn \
  --listen-client-urls "unix://$sock/c" --advertise-client-urls http://127.0.0.1:1 \
  --listen-peer-urls "unix://$sock/p" --initial-advertise-peer-urls http://127.0.0.1:1 \
  --initial-cluster kubeenv=http://127.0.0.1:1 --quota-backend-bytes 4294967296

for try in 1 2 3; do
  port=$(freeport) || die "no free port"
  # shellcheck disable=SC2086
  launch kube-apiserver --etcd-servers "unix://$sock/c" --bind-address 127.0.0.1 --advertise-address 127.0.0.1 \
    --secure-port "$port" --tls-cert-file "$state/pki/server.crt" --tls-private-key-file "$state/pki/server.key" \
    --client-ca-file "$state/pki/ca.crt" --token-auth-file "$state/pki/tokens.csv" --cert-dir "$state/pki" \
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$state/pki/sa.pub" \
    --service-account-signing-key-file "$state/pki/sa.key" --service-cluster-ip-range 10.96.0.0/16 \
    --authorization-mode RBAC --disable-admission-plugins ServiceAccount --allow-privileged=true \
    --endpoint-reconciler-type none --profiling=false ${KUBE_APISERVER_EXTRA-}
  url=https://127.0.0.1:$port
  while :; do
    [ "$(probe "$url/readyz")" = 200 ] && [ "$(probe "$url/api/v1/namespaces/default")" = 200 ] && break 2
    alive etcd || die "etcd exited"
    alive kube-apiserver || break
    [ $SECONDS -lt $deadline ] || die "kube-apiserver not ready after ${KUBE_WAIT:-120}s"
    sleep 0.1
  done
  grep -q 'address already in use' "$state/log/kube-apiserver.log" || die "kube-apiserver exited"
  [ $try -lt 3 ] || die "could not find a free port"
  say "port $port was taken in the meantime; trying another"
done
ready=1
echo "$url" > "$state/server"
kubeconfig "$url"

if [ $mode = exec ]; then
  rc=0
  env KUBECONFIG="$state/kubeconfig" KUBE_STATE="$state" KUBE_SERVER="$url" KUBEBUILDER_ASSETS="$assets" "$@" 8>&- || rc=$?
  exit $rc
fi
trap - EXIT INT TERM HUP
print_env
