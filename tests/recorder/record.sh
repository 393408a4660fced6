#!/bin/sh
# record.sh VERSION FILE.clif...
# Writes what the safepoint spiller of cranelift-frontend VERSION logs for the
# files to standard output. See README.md.
set -eu

if [ $# -lt 2 ]; then
    echo "usage: $0 VERSION FILE.clif..." >&2
    exit 2
fi
version=$1
shift

here=$(cd "$(dirname "$0")" && pwd)
cache=${RECORDER_TARGET:-${XDG_CACHE_HOME:-$HOME/.cache}/stackmap-verifier-recorder}
crate=$cache/$version
name=recorder-$(echo "$version" | tr . -)

mkdir -p "$crate"
sed -e "s/NAME/$name/" -e "s/VERSION/$version/" "$here/Cargo.toml.in" > "$crate/Cargo.toml"
cp "$here/recorder.rs" "$crate/recorder.rs"

# The output of the compiler matters only when it fails.
CARGO_TARGET_DIR=$cache/target cargo build --quiet --jobs "${RECORDER_JOBS:-1}" \
    --manifest-path "$crate/Cargo.toml" >&2
exec "$cache/target/debug/$name" "$@"
