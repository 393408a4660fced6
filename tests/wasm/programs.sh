#!/bin/sh
# Fetches two real programs by name and version, and runs the command on them for each of
# Wasmtime's collectors. Functions that use legacy exception handling, which Wasmtime
# refuses, are replaced and counted. It needs the network, pip, npm and GNU time, and takes
# minutes: it is not a part of `cargo test`.
#
#     tests/wasm/programs.sh [OPTION...]
#
# Options are those of `stackmap-verify check`, such as --wasm-optimized always.
set -eu
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

pip download --quiet --no-deps --only-binary :all: --dest "$folder" flet-web==1.0.5
(cd "$folder" && npm pack --silent @wasm-fmt/dart_fmt@0.4.0 >/dev/null)
python3 -m zipfile -e "$folder"/flet_web-1.0.5-*.whl "$folder/flet"
mkdir "$folder/dart_fmt"
tar -xzf "$folder"/wasm-fmt-dart_fmt-0.4.0.tgz -C "$folder/dart_fmt"

cargo build --quiet --release -p stackmap-wasm-tests --bin replace
cargo build --quiet --release -p stackmap-verify
built=${CARGO_TARGET_DIR:-target}/release
for name in dart_fmt.wasm main.dart.wasm; do
    "$built/replace" "$(find "$folder" -name "$name" | head -n 1)" "$folder/$name"
    for collector in drc null copying; do
        # Violations and modules that do not compile are for the reader to see.
        command time -f 'seconds: %U user, %S system; kilobytes at most: %M' \
            "$built/stackmap-verify" check --format short --jobs 1 \
            --wasm-collector "$collector" "$@" "$folder/$name" || true
    done
done
