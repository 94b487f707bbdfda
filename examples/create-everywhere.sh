#!/usr/bin/env bash
# Creates a tenant's space with one name on every provider, and stops at the first that fails.
#
#   examples/create-everywhere.sh NAME [PROFILE]
#
# The default profile, demo, calls the emulator inside skydeck: nothing leaves this machine. With another profile, set CONFIRM to its
# name if its guard asks for it. SKYDECK is the program, `skydeck` on the PATH if it is not set.
set -euo pipefail

name=${1:?the name of the space, for instance orders}
profile=${2:-demo}

create() {
    local provider=$1 operation=$2
    # The exit status says what happened: 3 a parameter was refused before sending, 4 the API answered with an error, 5 no answer.
    "${SKYDECK:-skydeck}" send "$provider" "$operation" "${@:3}" --profile "$profile" ${CONFIRM:+--confirm "$CONFIRM"} >/dev/null
    echo "$provider: created $name"
}

create alibaba-sae CreateNamespace "NamespaceName=$name" "NameSpaceShortId=$name"
create alibaba-pai CreateWorkspace "WorkspaceName=$name" "Description=$name" EnvTypes=prod
create volcengine-id CreateNamespace "NamespaceName=$name"
create huawei-swr CreateOrganization "namespace=$name"
create otc-swr CreateOrganization "namespace=$name"
