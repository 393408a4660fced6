#!/usr/bin/env bash
# Installs stackmap-verify from the sources that this action is part of.
set -euo pipefail
sources=$(cd "$(dirname "$0")/../.." && pwd)
cargo install --locked --quiet --path "$sources/integration/cli" --root "$RUNNER_TEMP/stackmap-verify"
echo "$RUNNER_TEMP/stackmap-verify/bin" >>"$GITHUB_PATH"
