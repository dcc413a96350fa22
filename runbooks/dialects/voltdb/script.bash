#@ cluster-of
cluster_of() { printf '%s' "${1%%:*}"; }
#@ class-of
class_of() {  # of a failed command's code and text
    case $1:$2 in
        124:* | 137:*) echo timeout ;;
        *'onnection refused'* | *'nable to connect'* | *'does not answer'*) echo unreachable ;;
        *) echo command ;;
    esac
}
#@ plan-line
# An undo's line in the plan: what it deletes.
plan_line() {
    shift  # the time limit
    say "    \$ $*"
    case "$*" in
        'voltdb init'*--force*) say "      LOST: the data of that root folder" ;;
        'voltadmin dr reset'*) say "      LOST: the logs kept for that cluster" ;;
        *) return 0 ;;
    esac
    losses+="${losses:+ }${*: -1}"
}
#@ asking
# --- Asking clusters. A cluster's name reaches one of its hosts, as a name of the network or by tributary's shims. ---
# ask CLUSTER STATEMENTS: rows as lines of csv in $answer. 2: no answer, or an error.
ask() {
    local code=0
    answer=$(timeout 60 sqlcmd --servers="$1" --output-format=csv --output-skip-metadata --query="$2" 2>>"$journal.log" </dev/null 9>&-) || code=$?
    answer=$(grep -v '^$' <<<"$answer" || true)
    if ((code != 0)); then
        evidence="$1 does not answer, or refused: ${answer%%$'\n'*}"
        answer=''
        return 2
    fi
}

# told CLUSTER OVERVIEW|DEPLOYMENT KEY: the value in $answer, empty when it is not told.
told() {
    ask "$1" "exec @SystemInformation $2" || return $?
    answer=$(awk -F, -v key="$3" 'tolower($2) == tolower(key) { gsub(/"/, "", $3); print $3; exit }' <<<"$answer")
    evidence="$3 of $1 is ${answer:-not told}"
    if [[ -z $answer ]]; then return 2; fi
}

# id_of CLUSTER: its id in $answer; VOLTDB_ID_east=1 tells that of a cluster that does not answer.
id_of() {
    local known="VOLTDB_ID_${1//[^A-Za-z0-9_]/_}"
    answer=${!known:-}
    if [[ -n $answer ]]; then return 0; fi
    told "$1" OVERVIEW CLUSTERID || { evidence="the id of $1 is not known: it does not answer; set $known"; return 2; }
}

# rows_about CLUSTER OTHER SELECTOR COLUMN: rows of a statistic whose COLUMN holds the id of OTHER. 2 as well: none.
rows_about() {
    local id
    id_of "$2" || return $?
    id=$answer
    ask "$1" "exec @Statistics $3 0" || return $?
    answer=$(awk -F, -v column="$4" -v id="$id" '{ value = $column; gsub(/"/, "", value) } value == id' <<<"$answer")
    if [[ -z $answer ]]; then evidence="$1 shows no row of cluster $id in $3"; fi
}

replicated_tables() {  # CLUSTER: names in $answer
    ask "$1" 'exec @SystemCatalog TABLES' || return $?
    answer=$(grep -i 'drEnabled[^,]*true' <<<"$answer" | cut -d, -f3 | tr -d '"' | LC_ALL=C sort || true)
}
