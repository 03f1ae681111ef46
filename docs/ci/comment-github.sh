#!/bin/sh
# comment-github.sh FILE - puts the file as a comment on the pull request, in the place of the one
# that an earlier run left there: it is found by the marker in its first line.
#
#   GH_TOKEN            a token that may write comments
#   GITHUB_REPOSITORY   owner/name
#   PULL_REQUEST        its number
set -eu

file=$1
comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"
marker=$(head -n 1 "$file")
earlier=$(MARKER=$marker gh api --paginate "$comments" \
  --jq '.[] | select(.body | startswith(env.MARKER)) | .id' | head -n 1)
if [ -n "$earlier" ]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$earlier" -F "body=@$file"
else
  gh api --method POST "$comments" -F "body=@$file"
fi
