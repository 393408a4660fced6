#!/bin/sh
# corpus.sh [VERSION...]
# Records tests/corpus/verified and tests/historical again. See README.md.
set -eu
cd "$(dirname "$0")/../.."

all="0.111.0 0.117.0 0.123.0 0.128.0 0.131.0 0.132.0 0.132.3 0.133.0 0.134.0 0.135.0 0.135.4 0.135.8 0.137.1"

# Is version $1 at most version $2?
at_most() {
    [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

# The judgement in judged.txt on the recording of sketch $2 by version $1.
judgement() {
    while read -r judgement first last sketches; do
        case " $sketches " in *" $2 "*) ;; *) continue ;; esac
        if at_most "$first" "$1" && at_most "$1" "$last"; then
            echo "$judgement"
            return
        fi
    done < tests/recorder/judged.txt
    echo verified
}

# Records sketches $5... with version $1 into $2; $3 is the judgement to put in
# the header, $4 the command.
record() {
    version=$1 file=$2 judged=$3 again=$4
    shift 4
    mkdir -p "$(dirname "$file")"
    {
        echo "# Recorded from the published crate cranelift-frontend $version."
        echo "# Again: $again"
        echo "# Judged: $judged (tests/recorder/judged.txt, docs/historical-bugs.md)."
    } > "$file.new"
    # 1 is: some sketches were not recorded, which is on standard error.
    tests/recorder/record.sh "$version" "$@" >> "$file.new" || [ $? -eq 1 ]
    mv "$file.new" "$file"
}

for version in ${*:-$all}; do
    set --
    for sketch in tests/sketches/*.clif; do
        name=$(basename "$sketch" .clif)
        judged=$(judgement "$version" "${name%%_*}")
        case $judged in
            verified)
                set -- "$@" "$sketch"
                continue
                ;;
            wrong) file=tests/historical/$version/$name.log ;;
            undecided) file=tests/historical/undecided/$version/$name.log ;;
        esac
        again="tests/recorder/record.sh $version $sketch"
        record "$version" "$file" "$judged" "$again" "$sketch"
    done
    file=tests/corpus/verified/cranelift-$version.log
    record "$version" "$file" verified "tests/recorder/corpus.sh $version" "$@"
done
