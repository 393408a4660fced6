#!/bin/sh
# Fetches two real programs by name and version, compiles them with Wasmtime, verifies
# every function, and prints the counts. It needs the network, pip and npm, and takes
# minutes: it is not a part of `cargo test`.
#
#     tests/wasm/programs.sh
set -eu
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

pip download --quiet --no-deps --only-binary :all: --dest "$folder" flet-web==1.0.5
(cd "$folder" && npm pack --silent @wasm-fmt/dart_fmt@0.4.0 >/dev/null)
python3 -m zipfile -e "$folder"/flet_web-1.0.5-*.whl "$folder/flet"
mkdir "$folder/dart_fmt"
tar -xzf "$folder"/wasm-fmt-dart_fmt-0.4.0.tgz -C "$folder/dart_fmt"

cargo build --quiet --release -p stackmap-wasm-tests --bin programs
find "$folder/flet" "$folder/dart_fmt" \( -name main.dart.wasm -o -name dart_fmt.wasm \) |
    sort | tr '\n' '\0' | xargs -0 "${CARGO_TARGET_DIR:-target}/release/programs"
