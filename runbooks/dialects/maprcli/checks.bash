#@ dataset-exists
dataset_exists() {
    local code=0
    table_info "$1" || code=$?
    if ((code == 0)); then evidence="$1 has uuid $(seen '.data[0].uuid')"; fi
    return "$code"
}
#@ dataset-absent
dataset_absent() {
    local code=0
    table_info "$1" || code=$?
    if ((code == 0)); then evidence="$1 has uuid $(seen '.data[0].uuid')"; fi
    negated "$code"
}
#@ same-metadata
# What both tables say of themselves: kind and attributes, then every column family. Permissions do not count.
metadata_of() {
    local table families
    table_info "$1" || return $?
    if is_stream "$1"; then
        metadata=$(seen -cS '.data[0] | {ttl, autocreate, defaultpartitions, compression}')
        return 0
    fi
    table=$(seen -cS '.data[0] | {tabletype, regionsizemb, autosplit, audit, metricsinterval, deletettl}')
    ask maprcli table cf list -path "$1" || return $?
    families=$(seen -cS '[.data[] | with_entries(select(.key | endswith("perm") | not))] | sort_by(.cfname)')
    metadata=$table$families
}
same_metadata() {
    local metadata='' first
    metadata_of "$1" || return $?
    first=$metadata
    metadata_of "$2" || return $?
    if [[ $first == "$metadata" ]]; then
        evidence='families and attributes are equal'
        return 0
    fi
    evidence="$1: $first; $2: $metadata"
    return 1
}
#@ replica-listed
replica_listed() {
    replica_row "$@" || return $?
    evidence="replica $(of_row .idx) of $1"
}
#@ replica-absent
replica_absent() {
    local code=0
    replica_row "$@" || code=$?
    if ((code == 0)); then evidence="replica $(of_row .idx) of $1"; fi
    negated "$code"
}
#@ replica-paused
replica_paused() {
    local paused
    replica_row "$@" || return $?
    paused=$(of_row .paused)
    evidence="paused is $paused"
    [[ $paused == true ]]
}
#@ upstream-listed
upstream_listed() {
    upstream_row "$@" || return $?
    evidence="upstream $(of_row .idx) of $1"
}
#@ upstream-absent
upstream_absent() {
    local code=0
    upstream_row "$@" || code=$?
    if ((code == 0)); then evidence="upstream $(of_row .idx) of $1"; fi
    negated "$code"
}
#@ upstream-and-replica
# An identity as plain hexadecimal digits, however it is printed: dashed, or as bytes with \x escapes.
plain_uuid() {
    jq -r 'def hex: "0123456789abcdef" as $d | $d[(. / 16 | floor):(. / 16 | floor) + 1] + $d[. % 16:. % 16 + 1];
        if test("^[0-9a-fA-F-]{36}$") then gsub("-"; "") | ascii_downcase
        else [match("\\\\x([0-9A-Fa-f]{2})|([^\\\\])|\\\\"; "g")
              | if .captures[0].string then .captures[0].string | ascii_downcase
                else .string | explode[0] | hex end] | join("") end' <<<"$1"
}
upstream_and_replica() {
    local source_uuid replica_uuid
    table_info "$1" || return $?
    source_uuid=$(plain_uuid "$(seen '.data[0].uuid | tojson')")
    table_info "$2" || return $?
    if is_stream "$2"; then  # identities of streams are not printed
        replica_row "$1" "$2" || return $?
        upstream_row "$2" "$1" || return $?
        evidence="both records name each other's path"
        return 0
    fi
    replica_uuid=$(plain_uuid "$(seen '.data[0].uuid | tojson')")
    replica_row "$1" "$2" || return $?
    if [[ $(plain_uuid "$(of_row '.uuid | tojson')") != "$replica_uuid" ]]; then
        evidence="the record at $1 names another uuid than $2 has"
        return 1
    fi
    upstream_row "$2" "$1" || return $?
    if [[ $(plain_uuid "$(of_row '.uuid | tojson')") != "$source_uuid" ]]; then
        evidence="the record at $2 names another uuid than $1 has"
        return 1
    fi
    evidence="both records name each other's uuid"
}
#@ leftover-of
# Without an upstream nothing tells where the data came from: then there must be none.
leftover_of() {
    local fed others rows
    about "$1" replica list || return $?
    fed=$(seen "$full_path"'[.data[] | full] | join(", ")') || return 2
    about "$1" upstream list || return $?
    others=$(seen --arg s "$2" "$full_path"'[.data[] | full | select(. != $s)] | join(", ")') || return 2
    rows=$(seen '.data | length')
    if [[ -n $fed || -n $others ]]; then
        evidence="$1 accepts ${others:-no other upstream} and feeds ${fed:-nobody}"
        return 1
    fi
    if ((rows > 0)); then
        evidence="$1 accepts $2 alone and feeds nobody"
        return 0
    fi
    if is_stream "$1"; then
        ask maprcli stream topic list -path "$1" || return $?
        rows=$(seen '.data | length')
    else
        table_info "$1" || return $?
        rows=$(seen '.data[0].totalrows')
    fi
    evidence="$1 accepts no upstream, feeds nobody and holds $rows rows or topics"
    if [[ ! $rows =~ ^[0-9]+$ ]]; then return 2; fi
    ((rows == 0))
}
#@ link-state
link_state() {
    local state
    replica_row "$1" "$2" || return $?
    evidence=$(link_figures)
    state=$(of_row 'if .paused then "paused"
        elif .replicaState == "REPLICA_STATE_UNEXPECTED" then "error"
        elif (.replicaState | endswith("_SCHEDULE")) or .replicaState == "REPLICA_STATE_WAIT_TILL_BULKLOAD" then "scheduled"
        elif .replicaState != "REPLICA_STATE_REPLICATING" then "copying"
        elif .errors == null then "replicating"
        elif .errors.Code == "ErrNoUpstream" then "agreement-missing"
        elif .errors.Code == "ErrAllGatewaysUnreachable" or .errors.Code == "ErrNoGateways" then "unreachable"
        else "error" end')
    [[ $state == "$3" ]]
}
#@ link-healthy caught-up
link_healthy() {
    replica_row "$@" || return $?
    evidence=$(link_figures)
    if [[ $(of_row .replicaState) == REPLICA_STATE_UNEXPECTED ]]; then
        is_final=true
        evidence+="; it stays so: maprcli ${kind_at[$1]:-table} replica remove -path $1 -replica $2, then set it up again"
    fi
    [[ $(of_row '.replicaState == "REPLICA_STATE_REPLICATING" and (.paused | not) and .errors == null') == true ]]
}
#@ caught-up
# Nothing is pending, or nothing that is as old as the newest pending change was when the wait began.
caught_up() {
    local oldest newest
    link_healthy "$@" || return $?
    if [[ $(of_row '.bytesPending == 0 and .putsPending == 0') == true ]]; then return 0; fi
    oldest=$(of_row '.minPendingTS')
    newest=$(of_row '.maxPendingTS')
    if [[ -z $newest_when_asked ]]; then newest_when_asked=$newest; fi
    if ((oldest > newest_when_asked)); then
        evidence+=", all of it newer than the question"
        return 0
    fi
    return 1
}
#@ same-data
# The tool's own summary decides; without one nobody can tell.
same_data() {
    local said code=0 folder
    folder=$(mktemp -d)
    said=$(hbase com.mapr.fs.hbase.tools.mapreduce.DiffTables -src "$1" -dst "$2" -outdir "$folder/diff" \
        -first_exit -mapreduce false 2>&1 </dev/null 9>&-) || code=$?
    note "DiffTables $1 $2 -> $code"$'\n'"$said"
    rm -rf "$folder"
    evidence=$(grep -E 'rows that differ|identical|differ' <<<"$said" | tr '\n' ' ') || evidence=''
    if ((code == 0)) && [[ $said == *'the tables are identical'* ]]; then return 0; fi
    if ((code == 0)) && [[ $said == *'the tables differ'* ]]; then return 1; fi
    evidence="DiffTables ended with $code and told no verdict; see $journal.log"
    return 2
}
#@ family-exists
family_exists() {
    ask maprcli table cf list -path "$1" || return $?
    evidence="families of $1: $(seen '[.data[].cfname] | join(", ")')"
    [[ $(seen --arg f "$2" 'any(.data[]; .cfname == $f)') == true ]]
}
#@ family-absent
family_absent() {
    ask maprcli table cf list -path "$1" || return $?
    evidence="families of $1: $(seen '[.data[].cfname] | join(", ")')"
    [[ $(seen --arg f "$2" 'any(.data[]; .cfname == $f)') == false ]]
}
#@ replicates-family
replicates_family() {
    ask maprcli table cf list -path "$1" || return $?
    if [[ $(seen --arg f "$3" 'any(.data[]; .cfname == $f)') != true ]]; then
        evidence="$1 has no column family $3"
        return 1
    fi
    replica_row "$1" "$2" || return $?
    evidence="columns: $(of_row '.columns // "all"')"
    [[ $(jq -r --arg f "$3" '(.columns // "") == "" or any(.columns | split(",")[]; split(":")[0] == $f)' <<<"$row") == true ]]
}
#@ whole-table
whole_table() {
    replica_row "$@" || return $?
    evidence="columns: $(of_row '.columns // "all"')"
    [[ $(of_row '(.columns // "") == ""') == true ]]
}
#@ subset
subset() {
    replica_row "$@" || return $?
    evidence="columns: $(of_row '.columns // "all"')"
    [[ $(of_row '(.columns // "") != ""') == true ]]
}
#@ readable
# No row is read: the table answers and a column family grants readperm.
readable() {
    table_info "$1" || return $?
    if is_stream "$1"; then
        allowed "consumeperm of $1" "$(seen '.data[0].consumeperm // ""')"
        return $?
    fi
    family_permission "$1" readperm any
}
#@ writable
# Nothing is written: the table answers, is not in bulk-load mode and a column family grants writeperm.
writable() {
    table_info "$1" || return $?
    if is_stream "$1"; then
        allowed "produceperm of $1" "$(seen '.data[0].produceperm // ""')"
        return $?
    fi
    if [[ $(seen '.data[0].bulkload') == true ]]; then
        evidence="$1 is in bulk-load mode"
        return 1
    fi
    family_permission "$1" writeperm any
}
#@ has-permission
has_permission() {
    local text
    table_info "$1" || return $?
    case $2 in
        readperm)
            text=$(seen '.data[0].defaultreadperm // ""')
            allowed "defaultreadperm of $1" "$text" || return $?
            family_permission "$1" "$2" all ;;
        writeperm) family_permission "$1" "$2" all ;;
        *)
            text=$(seen --arg p "$2" '.data[0][$p] // ""')
            allowed "$2 of $1" "$text" ;;
    esac
}
#@ gateways-reachable
# A gateway is known there; whether it answers shows when the link runs.
gateways_reachable() {
    local known
    ask maprcli cluster gateway resolve -dstcluster "$2" -cluster "$1" || return $?
    known=$(seen '[.data[] | to_entries[] | select(.key != "cluster") | .value | tostring] | join(" ")')
    evidence="gateways of $2: $known"
    [[ -n ${known// /} ]]
}
#@ topic-exists
topic_exists() {
    ask maprcli stream topic list -path "$1" || return $?
    evidence="topics of $1: $(seen '[.data[].topic] | join(", ")')"
    [[ $(seen --arg t "$2" 'any(.data[]; .topic == $t)') == true ]]
}
#@ topics-apart
# Where messages come from is not shown: topics of one name are two topics, unless one stream feeds the other.
topics_apart() {
    local code=0 first shared
    for stream in "$1" "$2"; do
        code=0
        table_info "$stream" || code=$?
        if ((code == 1)); then return 0; fi
        if ((code != 0)); then return "$code"; fi
    done
    if replica_row "$1" "$2" || replica_row "$2" "$1"; then return 0; fi
    ask maprcli stream topic list -path "$1" || return $?
    first=$(seen -c '[.data[].topic]')
    ask maprcli stream topic list -path "$2" || return $?
    shared=$(seen -r --argjson f "$first" '[.data[].topic | select(. as $t | $f | index($t))] | join(", ")')
    evidence="topics of both: ${shared:-none}"
    [[ -z $shared ]]
}
#@ not-in-bulkload
not_in_bulkload() {
    local bulkload
    table_info "$1" || return $?
    bulkload=$(seen '.data[0].bulkload')
    evidence="bulkload is $bulkload"
    [[ $bulkload != true ]]
}
#@ no-alarm
no_alarm() {
    ask maprcli alarm list -cluster "$1" || return $?
    evidence=$(seen --arg a "$2" 'first(.data[] | select((."alarm name" // .name) == $a) | .description) // ""')
    [[ $(seen --arg a "$2" 'any(.data[]; (."alarm name" // .name) == $a)') == false ]]
}
#@ dataset-is
dataset_is() {
    local uuid
    table_info "$1" || return $?
    if is_stream "$1"; then
        evidence="$1 is there; identities of streams are not printed"
        return 0
    fi
    uuid=$(seen '.data[0].uuid')
    evidence="$1 has uuid $uuid"
    [[ $uuid == "$2" ]]
}
#@ table-has
# An expression is compared without its blanks; what is not shown has its default.
table_has() {
    local value
    table_info "$1" || return $?
    value=$(seen --arg o "$2" '.data[0][$o] | if . == null and $o == "deletettl" then 86400 else . end | tostring')
    evidence="$2 of $1 is $value"
    [[ ${value// /} == "${3// /}" ]]
}
#@ family-has
family_has() {
    local value
    ask maprcli table cf list -path "$1" || return $?
    if [[ $(seen --arg f "$2" 'any(.data[]; .cfname == $f)') != true ]]; then
        evidence="$1 has no column family $2"
        return 1
    fi
    value=$(seen --arg f "$2" --arg o "$3" \
        'first(.data[] | select(.cfname == $f))[$o] | if $o == "ttl" and . == 2147483647 then 0 else . end | tostring')
    evidence="$3 of family $2 of $1 is $value"
    [[ ${value// /} == "${4// /}" ]]
}
#@ replica-has
replica_has() {
    local value
    replica_row "$1" "$2" || return $?
    value=$(jq -r --arg o "$3" '.[$o] // (if $o == "columns" then "" else false end) | tostring' <<<"$row")
    evidence="$3 is '$value'"
    [[ $value == "$4" ]]
}
#@ only-here
# Which rows other tables hold is not compared: few enough rows in all are few enough here.
only_here() {
    local rows
    table_info "$1" || return $?
    rows=$(seen '.data[0].totalrows')
    evidence="$1 has $rows rows"
    if [[ ! $rows =~ ^[0-9]+$ ]]; then return 2; fi
    if ((rows <= $3)); then return 0; fi
    evidence+=", and only $3 may exist nowhere else: compare it with its copies by DiffTables"
    return 2
}
#@ rows-at-most
rows_at_most() {
    local rows
    table_info "$1" || return $?
    rows=$(seen '.data[0].totalrows')
    evidence="$1 has $rows rows"
    if [[ ! $rows =~ ^[0-9]+$ ]]; then return 2; fi
    ((rows <= $3))
}
#@ gateway-open
# Which gateways there are is told; that one answers shows when a link uses it.
gateway_open() {
    local known
    ask maprcli cluster gateway local -cluster "$1" || return $?
    known=$(seen '[.data[] | to_entries[] | .value | tostring] | join(" ")')
    evidence="gateways of $1: $known"
    [[ " $known " == *" $2 "* ]]
}
#@ gateways-set
gateways_set() {
    local known
    ask maprcli cluster gateway list -cluster "$1" || return $?
    known=$(seen --arg c "$2" '[.data[] | select(.cluster == $c) | to_entries[] | select(.key != "cluster") | .value
        | tostring] | join(" ")')
    evidence="gateways recorded for $2: $known"
    [[ $known == "$3" ]]
}
