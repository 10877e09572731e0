#!/usr/bin/env bash
# Writes the Go module of one Kubernetes release: go.mod and go.sum for the default release, and
# versions/<release>.mod and .sum (for `go build -modfile`) for the others.
#
#   e2e/control-plane/pin-version.sh 1.34.4
#   e2e/control-plane/pin-version.sh --default 1.36.3
#
# k8s.io/kubernetes replaces its k8s.io/* modules by folders of its own repository, and a replacement
# only counts in the main module. So each is replaced here by its published v0.N of the same release;
# every other version, etcd's too, is the one that Kubernetes' own go.mod asks for.
set -euo pipefail
cd "$(dirname "$0")"

default=false
if [ "${1:-}" = --default ]; then
  default=true
  shift
fi
version=${1:?usage: pin-version.sh [--default] <release, for example 1.36.3>}
staging=v0.${version#1.}

upstream=$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
etcd=$(sed -n 's/^\tgo.etcd.io\/etcd\/client\/v3 \(v[^ ]*\).*/\1/p' "$upstream")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp main.go "$work"
{
  echo 'module kubeflume.invalid/control-plane'
  echo
  grep '^go ' "$upstream"
  echo
  # Runtime defaults belong to the main module too: the server must behave as the released one does.
  grep '^godebug ' "$upstream" || true
  echo
  echo 'require ('
  echo "	go.etcd.io/etcd/server/v3 $etcd"
  echo "	k8s.io/component-base $staging"
  echo "	k8s.io/kubernetes v$version"
  echo ')'
  echo
  echo 'replace ('
  sed -n "s|^\t\(k8s.io/[^ ]*\) => ./staging/.*|\t\1 => \1 $staging|p" "$upstream"
  echo ')'
} >"$work/go.mod"
(cd "$work" && go mod tidy)

if $default; then
  cp "$work/go.mod" "$work/go.sum" .
else
  mkdir -p versions
  cp "$work/go.mod" "versions/$version.mod"
  cp "$work/go.sum" "versions/$version.sum"
fi
