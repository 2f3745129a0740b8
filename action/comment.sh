#!/usr/bin/env bash
# Compares a configuration with that of the branch which a pull request is for, and says there what follows from the
# difference: in one comment, which later pushes change. Exits as `cdk-failover validate` does.
#
# From the workflow: CONFIG, BASE_SHA, PULL_REQUEST, GH_TOKEN. From GitHub: GITHUB_REPOSITORY, GITHUB_STEP_SUMMARY.
set -euo pipefail

: "${CONFIG:?say which configuration}"
if [[ -z ${BASE_SHA:-} || -z ${PULL_REQUEST:-} ]]; then
  echo "cdk-failover: there is no pull request; run this action on: pull_request" >&2
  exit 2
fi

readonly marker="<!-- cdk-failover validate $CONFIG -->"
# Beside the configuration, because one in TypeScript imports what is beside it.
base="$(dirname "$CONFIG")/.base-$(basename "$CONFIG")"
body=$(mktemp)
trap 'rm -f "$base" "$body"' EXIT

git cat-file -e "$BASE_SHA" 2>/dev/null || git fetch --quiet --depth=1 origin "$BASE_SHA"
against=()
if git show "$BASE_SHA:$CONFIG" >"$base" 2>/dev/null; then against=(--against "$base"); fi

code=0
said=$(npx --no-install cdk-failover validate "$CONFIG" "${against[@]}" 2>&1) || code=$?

{
  echo "$marker"
  if ((code == 0)); then echo "**cdk-failover**: \`$CONFIG\` may be deployed"; else
    echo "**cdk-failover**: \`$CONFIG\` is not to be deployed as it is"
  fi
  if ((${#against[@]} == 0)); then echo "(new here: there is nothing to compare it with)"; fi
  printf '\n```text\n%s\n```\n' "$said"
} >"$body"
cat "$body" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
printf '%s\n' "$said"

# comment: writes the comment, or changes the one that is there.
comment() {
  local comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" known
  known=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$marker\")) | .id") || return
  if [[ -n $known ]]; then
    gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/${known%%$'\n'*}" --field "body=@$body" --silent
  else
    gh api --method POST "$comments" --field "body=@$body" --silent
  fi
}

# The token of a pull request from a fork may not write. The result counts all the same.
comment || echo '::warning::cdk-failover: the comment could not be written; give the job "pull-requests: write"'
exit "$code"
