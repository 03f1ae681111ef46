#!/bin/sh
# package_test.sh BUILD VERSION: builds the Debian package of a build, installs it into an empty root,
# runs what it put there, and removes it again. Needs no network and changes nothing of the machine.
set -eu
build=$1
version=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

cpack --config "$build/CPackConfig.cmake" -B "$work/built" >"$work/cpack.log" 2>&1 ||
  { cat "$work/cpack.log"; fail "cpack"; }
package=$(echo "$work"/built/*.deb)
[ "$(dpkg-deb -f "$package" Version)" = "$version-1" ] || fail "the version is $(dpkg-deb -f "$package" Version)"
[ "$(dpkg-deb -f "$package" Package)" = meshproof ] || fail "the name"

# Every library that the program was linked with is a dependency that this machine meets.
depends=$(dpkg-deb -f "$package" Depends)
for word in libc6 libz3 libyaml libcurl; do
  case $depends in *$word*) ;; *) fail "no dependency on $word: $depends" ;; esac
done
for name in $(echo "$depends" | sed 's/([^)]*)//g; s/|[^,]*//g; s/,/ /g'); do
  dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -q '^installed$' ||
    fail "the dependency $name is not on the machine that built the package"
done

# What Debian asks of a package; packaging/lintian-overrides says why not all of it.
if command -v lintian >/dev/null; then
  lintian --allow-root --display-info --tag-display-limit 0 "$package" >"$work/lintian.log" 2>&1 ||
    { cat "$work/lintian.log"; fail "lintian"; }
  if grep -E '^[EW]: |unused-override|malformed-override' "$work/lintian.log"; then fail "lintian"; fi
elif [ "${CI-}" = true ]; then
  fail "lintian is not installed (./dev install)"
else
  echo "SKIPPED: no lintian here, so that the package was not held to Debian's policy"
fi

root=$work/root
mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates"
: >"$root/var/lib/dpkg/status"
if [ "$(id -u)" = 0 ]; then
  # The root is empty, so that the dependencies looked at above are not in it.
  dpkg --root="$root" --force-depends --force-script-chrootless -i "$package" >"$work/dpkg.log" 2>&1 ||
    { cat "$work/dpkg.log"; fail "dpkg -i"; }
else
  echo "not root: the package is unpacked, not installed"
  dpkg-deb -x "$package" "$root"
fi

for file in bin/meshproof bin/kubectl-meshproof bin/oc-meshproof bin/kubectl_complete-meshproof \
  bin/oc_complete-meshproof share/man/man1/meshproof.1.gz \
  share/man/man1/kubectl-meshproof.1.gz share/bash-completion/completions/meshproof \
  share/zsh/vendor-completions/_meshproof share/fish/vendor_completions.d/meshproof.fish \
  share/doc/meshproof/copyright share/doc/meshproof/changelog.gz share/doc/meshproof/README.md \
  share/doc/meshproof/docs/FORMATS.md share/doc/meshproof/docs/ci/gate.sh \
  share/doc/meshproof/docs/ci/gitlab-ci.yml share/doc/meshproof/docs/pictures/report-light.png; do
  [ -s "$root/usr/$file" ] || fail "/usr/$file is not there"
done
zcat "$root/usr/share/man/man1/meshproof.1.gz" | grep -q '^\.TH MESHPROOF 1' || fail "the manual page"
zcat "$root/usr/share/doc/meshproof/changelog.gz" | grep -q "^## \[$version\]" ||
  fail "CHANGELOG.md says nothing of version $version"

PATH=$root/usr/bin:$PATH
export PATH
cd "$work"
[ "$(meshproof --version)" = "meshproof $version" ] || fail "meshproof --version: $(meshproof --version)"
[ "$(kubectl-meshproof --version)" = "meshproof $version" ] || fail "the plugin's --version"
oc-meshproof plan --help | grep -q '^Usage: oc meshproof plan' || fail "the plugin's help"
library=$root/usr/share/meshproof/library
meshproof plan -f "$library/safe-join/cluster.yaml" --join shop --assert none --quiet >"$work/plan" ||
  fail "a plan, exit $?"
grep -q 'NetworkPolicy shop/istio-mesh-basic' "$work/plan" || fail "what the plan says"
meshproof scenario run "$library/safe-join" --quiet >/dev/null || fail "a worked example"

for folder in "${KUBEBUILDER_ASSETS-}" "$HOME"/.cache/kubeenv/*; do
  [ -x "$folder/kubectl" ] && PATH=$PATH:$folder
done
# kubectl looks for its plugins on PATH and needs no cluster for that.
if kubectl version --client >/dev/null 2>&1; then
  [ "$(kubectl meshproof --version)" = "meshproof $version" ] || fail "kubectl meshproof"
  completed=$(kubectl __complete meshproof plan --sa 2>/dev/null)
  [ "$completed" = "--safe
:4" ] || fail "kubectl completes meshproof plan --sa by: $completed"
else
  echo "SKIPPED: no kubectl here, so that kubectl meshproof was not tried"
fi
# oc has the same code under its own name; it is asked for no more than this.
[ "$(oc_complete-meshproof plan --sa)" = "--safe
:4" ] || fail "oc completes meshproof plan --sa by: $(oc_complete-meshproof plan --sa)"

if [ "$(id -u)" = 0 ]; then
  dpkg --root="$root" --force-depends --purge meshproof >"$work/dpkg.log" 2>&1 ||
    { cat "$work/dpkg.log"; fail "dpkg --purge"; }
  left=$(find "$root" -path "$root/var/lib/dpkg" -prune -o ! -type d -print)
  [ -z "$left" ] || fail "left behind: $left"
fi
echo "the package of version $version was built, installed, run and removed"
