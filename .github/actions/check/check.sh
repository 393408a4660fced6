#!/usr/bin/env bash
# Runs one check, and writes what it said as annotations and for code scanning. Ends with 0: the
# exit status of the check is an output, so that the report is uploaded first.
#
# PATHS, OPTIONS   one a line: what to check, and options of `stackmap-verify check`
# BASELINE, SLICE  may be empty
set -euo pipefail

folder="$RUNNER_TEMP/stackmap-report"
mkdir -p "$folder"
name=report
arguments=()
while IFS= read -r option; do
    [ -z "$option" ] || arguments+=("$option")
done <<<"$OPTIONS"
[ -z "$BASELINE" ] || arguments+=(--baseline "$BASELINE")
if [ -n "$SLICE" ]; then
    arguments+=(--partition "slice:$SLICE")
    name="slice-${SLICE//\//-of-}"
fi
arguments+=(--format json --output "$folder/$name.jsonl" --)
while IFS= read -r path; do
    [ -z "$path" ] || arguments+=("$path")
done <<<"$PATHS"

status=0
stackmap-verify check "${arguments[@]}" || status=$?
echo "status=$status" >>"$GITHUB_OUTPUT"
if [ -f "$folder/$name.jsonl" ]; then
    echo "report=$folder/$name.jsonl" >>"$GITHUB_OUTPUT"
    echo "name=stackmap-$name" >>"$GITHUB_OUTPUT"
    if [ -z "$SLICE" ]; then
        "$(dirname "$0")/../render.sh" "$folder/report.sarif" "$folder/$name.jsonl"
    fi
fi
