#@ cluster-of
cluster_of() {
    local rest=${1#/mapr/}
    printf '%s' "${rest%%/*}"
}
#@ class-of
class_of() {  # of a failed command's code and text
    case $1:$2 in
        124:* | 137:*) echo timeout ;;
        *'ERROR (16)'*) echo transient ;;
        3:* | *'ERROR (110)'*) echo unreachable ;;
        *) echo command ;;
    esac
}
#@ undo-failed
    if ((code != 0)) && [[ $said != *'ERROR (2)'* ]] && ! { [[ $said == *'ERROR (17)'* ]] && back_is_seen; }; then
#@ plan-line
# An undo's line in the plan: what it deletes, and how much of that could be seen.
plan_line() {
    local rows='' what='' name=''
    shift  # the time limit
    say "    \$ $*"
    case "${1:-} ${2:-} ${3:-} ${4:-}" in
        'maprcli table delete '*) what='table' name=$(option_value -path "$@") ;;
        'maprcli stream delete '*) what='stream' name=$(option_value -path "$@") ;;
        'maprcli stream edit '*) plan_stream_limits "$@"; return 0 ;;
        'maprcli stream topic delete') what='topic' name=$(option_value -topic "$@") ;;
        'maprcli table cf delete') what='family' name=$(option_value -cfname "$@") ;;
        'maprcli table cf edit') plan_limits "$@"; return 0 ;;
        *) return 0 ;;
    esac
    if ! table_info "$(option_value -path "$@")"; then
        if [[ $evidence == *'No such file'* ]]; then say "      it is gone already"; return 0; fi
    else
        rows=$(seen '.data[0].totalrows // empty')
    fi
    if [[ $what == table && $rows == 0 ]]; then
        say "      the table is empty"
        return 0
    fi
    say "      LOST: $what $name, ${rows:-an unknown number of} $([[ $what == stream || $what == topic ]] && echo messages || echo rows); whether they exist elsewhere is not known to this script"
    losses+="${losses:+ }$name"
}
# Narrower limits of a family drop cells, and those do not come back.
plan_limits() {
    local path name ttl versions narrower='' doubt=''
    path=$(option_value -path "$@") name=$(option_value -cfname "$@")
    ttl=$(option_value -ttl "$@") versions=$(option_value -maxversions "$@")
    if [[ -z $ttl$versions ]]; then return 0; fi
    if ask maprcli table cf list -path "$path"; then
        narrower=$(seen --arg f "$name" --arg t "$ttl" --arg v "$versions" '
            def seconds: tonumber | if . == 0 or . >= 2147483647 then infinite else . end;
            .data[] | select(.cfname == $f) | ($t != "" and ($t | seconds) < (.ttl | seconds)) or
                ($v != "" and ($v | tonumber) < (.maxversions | tonumber))') || narrower=''
    fi
    if [[ $narrower == false ]]; then
        say "      it keeps no less than before"
        return 0
    fi
    if [[ -z $narrower ]]; then doubt=' (what it keeps now could not be seen)'; fi
    say "      LOST: cells of family $name that ${ttl:+ttl $ttl s}${ttl:+${versions:+ and }}${versions:+maxversions $versions} will not keep$doubt; they do not come back"
    losses+="${losses:+ }$name"
}
# A shorter time to live of a stream drops messages likewise.
plan_stream_limits() {
    local path ttl shorter='' doubt=''
    path=$(option_value -path "$@") ttl=$(option_value -ttl "$@")
    if [[ -z $ttl ]]; then return 0; fi
    if ask maprcli stream info -path "$path"; then
        shorter=$(seen --arg t "$ttl" '
            def seconds: tonumber | if . == 0 or . >= 2147483647 then infinite else . end;
            .data[0].ttl | seconds > ($t | seconds)') || shorter=''
    fi
    if [[ $shorter == false ]]; then
        say "      it keeps no less than before"
        return 0
    fi
    if [[ -z $shorter ]]; then doubt=' (what it keeps now could not be seen)'; fi
    say "      LOST: messages of $path that ttl $ttl s will not keep$doubt; they do not come back"
    losses+="${losses:+ }$path"
}
#@ asking
# --- Asking the system ---
# ask COMMAND...: the JSON answer in $answer. 0 answered; 1 it says that there is no such thing; 2 no answer.
ask() {
    local code=0 id
    answer=$(timeout 60 "$@" -json 2>>"$journal.log" </dev/null 9>&-) || code=$?
    if [[ $code == 0 && $(jq -r .status <<<"$answer" 2>/dev/null) == OK ]]; then return 0; fi
    id=$(jq -r '.errors[0].id // empty' <<<"$answer" 2>/dev/null) || id=''
    evidence=$(jq -r '.errors[0].desc // empty' <<<"$answer" 2>/dev/null) || evidence=''
    if [[ -z $evidence ]]; then evidence="\`$*\` ended with $code and no answer"; fi
    if [[ $id == 2 || $evidence == *'No such file'* ]]; then return 1; fi
    return 2
}

# seen FILTER [jq options]: the first text that the filter makes of $answer.
seen() { jq -r "$@" <<<"$answer" 2>/dev/null; }

# What maprcli says of the table at a path, or of the stream where one lies: about PATH WORDS...
declare -A kind_at=()
is_stream() { [[ ${kind_at[$1]:-} == stream ]]; }
about() {
    local path=$1 code=0
    shift
    ask maprcli "${kind_at[$path]:-table}" "$@" -path "$path" || code=$?
    if ((code == 0)) || [[ -n ${kind_at[$path]:-} ]]; then return "$code"; fi
    local said=$answer evidence_then=$evidence
    if ask maprcli stream info -path "$path"; then
        kind_at[$path]=stream
        ask maprcli stream "$@" -path "$path"
        return $?
    fi
    answer=$said
    evidence=$evidence_then
    return "$code"
}
table_info() { about "$1" info; }

# The full path of a table that a row names: versions print it whole, or from the root of its cluster.
full_path='def full: (.replicaPath // .table // .stream) as $t | if $t | startswith("/mapr/") then $t else "/mapr/" + .cluster + $t end; '

# replica_row SOURCE REPLICA: the row of the link in $row. 1: the source does not list it.
replica_row() {
    local code=0
    row=''
    about "$1" replica list -refreshnow true || code=$?
    if ((code != 0)); then return "$code"; fi
    row=$(seen -c --arg r "$2" "$full_path"'first(.data[] | select(full == $r)) // empty')
    if [[ -n $row ]]; then return 0; fi
    evidence="$1 does not list $2 as its replica"
    return 1
}

# upstream_row REPLICA SOURCE: the row in $row.
upstream_row() {
    local code=0
    row=''
    about "$1" upstream list || code=$?
    if ((code != 0)); then return "$code"; fi
    row=$(seen -c --arg s "$2" "$full_path"'first(.data[] | select(full == $s)) // empty')
    if [[ -n $row ]]; then return 0; fi
    evidence="$1 does not list $2 as its upstream"
    return 1
}

of_row() { jq -r "$1" <<<"$row"; }

link_figures() {
    of_row '"\(.replicaState | sub("REPLICA_STATE_"; "") | ascii_downcase)\(if .paused then ", paused" else "" end), " +
        "bytesPending \(.bytesPending), putsPending \(.putsPending)\(if .errors then ", \(.errors.Code): \(.errors.Msg)" else "" end)"'
}

negated() {  # turns yes and no of the command before it around
    case $1 in
        0) return 1 ;;
        1) return 0 ;;
    esac
    return "$1"
}

# permitted EXPRESSION: whether an access control expression lets $user in.
permitted() {
    local rest=$1 sum='' token groups
    groups=" $(id -Gn -- "$user" 2>/dev/null || true) "
    while [[ -n $rest ]]; do
        case $rest in
            ' '*) rest=${rest:1}; continue ;;
            [\(\)\!]*) sum+=${rest:0:1} rest=${rest:1}; continue ;;
            [\&\|]*) sum+=${rest:0:1}${rest:0:1} rest=${rest:1}; continue ;;
        esac
        token=${rest%%[ \&\|\!\(\)]*}
        rest=${rest#"$token"}
        case $token in
            p) sum+=1 ;;
            "u:$user") sum+=1 ;;
            u:*) sum+=0 ;;
            g:*) if [[ $groups == *" ${token#g:} "* ]]; then sum+=1; else sum+=0; fi ;;
            *) return 2 ;;
        esac
    done
    if [[ -z $sum ]]; then return 1; fi
    ((sum)) 2>/dev/null
}

# allowed WHAT EXPRESSION: permitted, with its evidence.
allowed() {
    local code=0
    permitted "$2" || code=$?
    evidence="$1 is '$2', asked for u:$user"
    if ((code > 1)); then evidence+=", which turns on a role"; fi
    return "$code"
}

# family_permission P PERM all|any: over the column families.
family_permission() {
    local code=0 line best=1 mode=$3 families
    ask maprcli table cf list -path "$1" || code=$?
    if ((code != 0)); then return "$code"; fi
    families=$(seen --arg p "$2" '.data[] | "\(.cfname)\t\(.[$p] // "")"')
    if [[ -z $families ]]; then evidence="$1 has no column family"; return 1; fi
    while IFS= read -r line; do
        code=0
        allowed "$2 of family ${line%%$'\t'*} of $1" "${line#*$'\t'}" || code=$?
        if [[ $mode == all && $code != 0 ]]; then return "$code"; fi
        if [[ $mode == any && $code == 0 ]]; then return 0; fi
        best=$code
    done <<<"$families"
    if [[ $mode == all ]]; then return 0; fi
    return "$best"
}
