#@ root-made
root_made() {
    evidence="$1/voltdbroot"
    [[ -d $1/voltdbroot/config ]]
}
#@ host-runs
host_runs() {
    local pid
    pid=$(cat "$1/voltdbroot/voltdb.pid" 2>/dev/null) || pid=''
    evidence="process ${pid:-none}"
    [[ -n $pid ]] && kill -0 "$pid" 2>/dev/null
}
#@ host-stopped
host_stopped() {
    local pid
    pid=$(cat "$1/voltdbroot/voltdb.pid" 2>/dev/null) || pid=''
    evidence="process ${pid:-none}"
    [[ -z $pid ]] || ! kill -0 "$pid" 2>/dev/null
}
#@ database-up
database_up() {
    told "$1" OVERVIEW CLUSTERSTATE || return $?
    [[ ${answer^^} == RUNNING || ${answer^^} == PAUSED ]]
}
#@ database-down
database_down() {
    local code=0 text
    text=$(timeout 60 sqlcmd --servers="$1" --query='exec @SystemInformation OVERVIEW' 2>&1 </dev/null 9>&-) || code=$?
    if ((code == 0)); then evidence="$1 answers"; return 1; fi
    printf '%s\n' "$text" >>"$journal.log"
    text=${text//$'\n'/ }
    evidence="$1: ${text:-no answer in time}"
    # Somebody must say that nobody listens there: one that is silent may write still.
    case $text in
        *'onnection refused'* | *'is not running'*) return 0 ;;
        *) return 2 ;;
    esac
}
#@ paused
paused() {
    told "$1" OVERVIEW CLUSTERSTATE || return $?
    [[ ${answer^^} == PAUSED ]]
}
#@ not-paused
not_paused() {
    told "$1" OVERVIEW CLUSTERSTATE || return $?
    [[ ${answer^^} == RUNNING ]]
}
#@ k-safe
k_safe() {
    told "$1" DEPLOYMENT kfactor || return $?
    ((answer > 0))
}
#@ full-safety
full_safety() {
    told "$1" OVERVIEW CLUSTERSAFETY || return $?
    [[ $answer == FULL ]]
}
#@ command-log-synchronous
command_log_synchronous() {
    told "$1" DEPLOYMENT commandlogenabled || return $?
    if [[ $answer != true ]]; then return 1; fi
    told "$1" DEPLOYMENT commandlogmode || return $?
    [[ $answer == sync* ]]
}
#@ dr-role
dr_role() {
    local other
    ask "$1" 'exec @Statistics DRROLE 0' || return $?
    if [[ -z $answer ]]; then evidence="$1 tells no role"; return 2; fi
    other=$(awk -F, -v role="$2" '{ gsub(/"/, "", $1) } tolower($1) != tolower(role)' <<<"$answer")
    evidence="DRROLE of $1: ${answer//$'\n'/; }"
    [[ -z $other ]]
}
#@ dr-state
dr_state() {
    rows_about "$1" "$2" DRROLE 3 || return $?
    if [[ -z $answer ]]; then return 1; fi
    evidence="DRROLE of $1: ${answer//$'\n'/; }"
    answer=$(cut -d, -f2 <<<"$answer" | tr -d '"')
    [[ ${answer,,} == "${3,,}" ]]
}
#@ dr-active
dr_active() {
    rows_about "$1" "$2" DRROLE 3 || return $?
    if [[ -z $answer ]]; then return 1; fi
    evidence="DRROLE of $1: ${answer//$'\n'/; }"
    [[ $(cut -d, -f2 <<<"$answer" | tr -d '"') == ACTIVE ]]
}
#@ dr-synced
dr_synced() {
    local open
    rows_about "$1" "$2" DRPRODUCERPARTITION 5 || return $?
    if [[ -z $answer ]]; then return 2; fi
    open=$(awk -F, '{ gsub(/"/, "") } $7 != "TRANSACTIONS" || tolower($15) != "true" { print $6 }' <<<"$answer" | tr '\n' ' ')
    evidence="partitions without the snapshot: ${open:-none}"
    [[ -z $open ]]
}
#@ dr-drained
dr_drained() {
    local open
    rows_about "$1" "$2" DRPRODUCERPARTITION 5 || return $?
    if [[ -z $answer ]]; then return 2; fi
    open=$(awk -F, '{ gsub(/"/, "") } $8 + 0 > 0 || $17 + 0 != 0 || $11 != $12 { printf "partition %s at %s of %s; ", $6, $12, $11 }' <<<"$answer")
    evidence=${open:-every partition is acknowledged}
    [[ -z $open ]]
}
#@ dr-forgotten
dr_forgotten() {
    ask "$1" 'exec @Statistics DRPRODUCERPARTITION 0' || return $?
    answer=$(awk -F, -v id="$2" '{ gsub(/"/, "") } $5 == id { print $6 }' <<<"$answer" | tr '\n' ' ')
    evidence="partitions kept for cluster $2: ${answer:-none}"
    [[ -z $answer ]]
}
#@ dr-covered
dr_covered() {
    local open
    rows_about "$1" "$2" DRCONSUMERPARTITION 5 || return $?
    if [[ -z $answer ]]; then return 2; fi
    open=$(awk -F, '{ gsub(/"/, "") } tolower($7) != "true" || tolower($11) == "true" { print $6 }' <<<"$answer" | tr '\n' ' ')
    evidence="uncovered or paused partitions: ${open:-none}"
    [[ -z $open ]]
}
#@ dr-tables-empty
dr_tables_empty() {
    local table tables
    replicated_tables "$1" || return $?
    tables=$answer
    for table in $tables; do
        ask "$1" "select count(*) from $table" || return $?
        evidence="$table has $answer rows"
        if [[ $answer != 0 ]]; then return 1; fi
    done
    evidence="tables without rows: ${tables//$'\n'/ }"
}
#@ same-dr-schema
columns_of() {
    local tables
    replicated_tables "$1" || return $?
    tables=$answer
    ask "$1" 'exec @SystemCatalog TABLES' || return $?
    local places
    places=$(grep -i 'drEnabled[^,]*true' <<<"$answer" | cut -d, -f3,5- | LC_ALL=C sort || true)
    ask "$1" 'exec @SystemCatalog COLUMNS' || return $?
    answer=$(tr -d '"' <<<"$answer" | awk -F, -v tables=" ${tables//$'\n'/ } " 'index(tables, " " $3 " ") { print $3, $4, $6, $7 }')
    answer+=$'\n'$places
}
same_dr_schema() {
    local here
    columns_of "$1" || return $?
    here=$answer
    columns_of "$2" || return $?
    evidence=$(diff <(printf '%s\n' "$here") <(printf '%s\n' "$answer") | sed -n '1,3p' | tr '\n' ' ') || true
    evidence=${evidence:-columns are equal}
    [[ $here == "$answer" ]]
}
#@ same-data
same_data() {
    local here table tables
    replicated_tables "$1" || return $?
    tables=$answer
    for table in $tables; do
        ask "$1" "select * from $table" || return $?
        here=$(LC_ALL=C sort <<<"$answer")
        ask "$2" "select * from $table" || return $?
        evidence="$table differs"
        if [[ $here != "$(LC_ALL=C sort <<<"$answer")" ]]; then return 1; fi
    done
    evidence="equal: ${tables//$'\n'/ }"
}
#@ table-exists
table_exists() {
    ask "$1" 'exec @SystemCatalog TABLES' || return $?
    evidence="tables of $1: $(cut -d, -f3 <<<"$answer" | tr '\n' ' ')"
    cut -d, -f3 <<<"$answer" | tr -d '"' | grep -ixF -- "$2" >/dev/null
}
#@ has-column
has_column() {
    ask "$1" 'exec @SystemCatalog COLUMNS' || return $?
    answer=$(tr -d '"' <<<"$answer" | awk -F, -v table="$2" 'tolower($3) == tolower(table) { print $4 }')
    if [[ -z $answer ]]; then evidence="$1 has no table $2"; return 1; fi
    evidence="columns of $2: ${answer//$'\n'/ }"
    grep -qixF -- "$3" <<<"$answer"
}
