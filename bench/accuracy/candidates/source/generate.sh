#!/bin/sh
# Writes the peers' candidates from the specs beside this file, with the peers
# themselves: sh generate.sh SLOTH PYRRA, the two programs. How to build them:
#
#   Sloth v0.16.0:  in a module that requires github.com/slok/sloth v0.16.0,
#                   go build github.com/slok/sloth/cmd/sloth
#   Pyrra v0.10.1:  in a checkout of github.com/pyrra-dev/pyrra at v0.10.1 (91e07d63862e),
#                   mkdir -p ui/build && touch ui/build/index.html && go build .
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What is above the generated rules stays: it says where the ratios are.
renew() {
    sed -n '/^# /p;/^[^#]/q' "../$1" > "$work/head"
    cat "$work/head" "$2" > "$work/new"
    mv "$work/new" "../$1"
}

"$1" generate -i sloth.yaml -o "$work/sloth.yaml" 2> /dev/null
sed -i '/^---$/d; /^# /d; /^$/d; s/sloth_version: dev/sloth_version: v0.16.0/' "$work/sloth.yaml"
renew sloth.yaml "$work/sloth.yaml"

"$2" generate --config-files="$PWD/pyrra-*.yaml" --prometheus-folder="$work" --generic-rules 2> /dev/null
renew pyrra-default.yaml "$work/pyrra-default.yaml"
{ cat "$work/pyrra-performance-short.yaml"; echo ---; cat "$work/pyrra-performance-long.yaml"; } > "$work/both.yaml"
renew pyrra-performance.yaml "$work/both.yaml"
