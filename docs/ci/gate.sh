#!/bin/sh
# gate.sh - judges an edit before it is merged: what a pipeline runs.
#
#   SNAPSHOT   a file of `meshproof snapshot -o FILE`, taken by a job of its own
#   RENDER     the command that prints the manifests as they will be applied
#   RESULTS    where the results go (meshproof-results)
#   ASSERT     assertions of your own; builtin:tenancy and builtin:continuity are asked anyway
#   BASELINE   a SARIF log of an earlier run: what failed then fails no more
#   SOURCE_URL the address of the checkout, to which comment and page link their lines
#   MAX_AGE    how old the snapshot may be (24h)
#
# Ends as meshproof does: 0 all holds, 1 a violation, 3 not known, 2 and 4 something is wrong.
set -eu

: "${SNAPSHOT:?a file of meshproof snapshot}"
: "${RENDER:?the command that prints the manifests}"
results=${RESULTS:-meshproof-results}

mkdir -p "$results"
sh -c "$RENDER" >"$results/rendered.yaml"
# From standard input: a file of results is none that the repository has.
set -- -f "$SNAPSHOT" --change - --max-age "${MAX_AGE:-24h}"
[ -z "${ASSERT-}" ] || set -- "$@" --assert "$ASSERT"
[ -z "${BASELINE-}" ] || set -- "$@" --baseline "$BASELINE"
[ -z "${SOURCE_URL-}" ] || set -- "$@" --source-url "$SOURCE_URL"
exec meshproof report "$@" <"$results/rendered.yaml" -o html --out "$results/report.html" \
  --also "sarif=$results/meshproof.sarif" --also "junit=$results/junit.xml" \
  --also "markdown=$results/comment.md" --also "codequality=$results/code-quality.json"
