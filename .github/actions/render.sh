#!/usr/bin/env bash
# Prints annotations, and writes a document for code scanning, of JSON reports.
#
#     render.sh OUTPUT.sarif REPORT.jsonl...
#
# Ends with 0 whatever the reports say: that is for the step which asks for the verdict.
set -euo pipefail
sarif=$1
shift
stackmap-verify merge --quiet --format github -- "$@" || true
stackmap-verify merge --quiet --format sarif --output "$sarif" -- "$@" || true
if [ -f "$sarif" ]; then
    echo "sarif=$sarif" >>"$GITHUB_OUTPUT"
fi
