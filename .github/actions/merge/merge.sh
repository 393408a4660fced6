#!/usr/bin/env bash
# Puts the reports of all slices together. Ends with 0: the exit status, which is that of a check
# of everything, is an output.
#
# REPORTS   the folder with them
set -euo pipefail
shopt -s nullglob
reports=("$REPORTS"/*.jsonl)
status=2
if [ "${#reports[@]}" -eq 0 ]; then
    echo "::error::there is no report of any slice"
else
    status=0
    stackmap-verify merge --format json --output "$RUNNER_TEMP/stackmap-merged.jsonl" \
        -- "${reports[@]}" || status=$?
    if [ -f "$RUNNER_TEMP/stackmap-merged.jsonl" ]; then
        "$(dirname "$0")/../render.sh" "$RUNNER_TEMP/stackmap-merged.sarif" \
            "$RUNNER_TEMP/stackmap-merged.jsonl"
    fi
fi
echo "status=$status" >>"$GITHUB_OUTPUT"
