#@ instance-runs
instance_runs() {
    if [[ $1 != *:* ]]; then of_each instance_runs "$1"; return $?; fi
    status_of "$1" || return $?
    [[ $answer == RUNNING ]]
}
#@ instance-stopped
instance_stopped() {
    if [[ $1 != *:* ]]; then of_each instance_stopped "$1"; return $?; fi
    status_of "$1" || return $?
    [[ $answer != RUNNING ]]
}
#@ instance-ready
instance_ready() {
    if [[ $1 != *:* ]]; then of_each instance_ready "$1"; return $?; fi
    status_of "$1" || return $?
    if [[ $answer != RUNNING ]]; then return 1; fi
    lua "$1" 'return box.info.status' || return $?
    evidence="box.info.status is $answer"
    [[ $answer == running ]]
}
#@ read-write
read_write() {
    lua "$1" 'return tostring(box.info.ro)' || return $?
    evidence="box.info.ro is $answer"
    [[ $answer == *false* ]]
}
#@ read-only
read_only() {
    lua "$1" 'return tostring(box.info.ro)' || return $?
    evidence="box.info.ro is $answer"
    [[ $answer == *true* ]]
}
#@ follows
follows() {
    upstream_of "$@" || return $?
    [[ $answer == follow* ]]
}
#@ upstream-stopped
upstream_stopped() {
    upstream_of "$@" || return $?
    [[ $answer == stopped* ]]
}
#@ no-upstream
no_upstream() {
    upstream_of "$@" || return $?
    [[ $answer == none ]]
}
#@ sends-to
sends_to() {
    lua "$1" "$(entry_of "$2") if e == nil or e.downstream == nil then return 'none' end return e.downstream.status" || return $?
    evidence="downstream to $2: $answer"
    [[ $answer == follow* ]]
}
#@ caught-up
clock_of() {
    lua "$1" "local t = {} for i, n in pairs(box.info.vclock) do if i > 0 then t[#t + 1] = i .. '=' .. tostring(tonumber(n)) end end return 'c ' .. table.concat(t, ' ')" || return $?
    answer=${answer#c}
}
caught_up() {
    local piece behind=0 target have
    clock_of "$1" || return $?
    target=$answer
    clock_of "$2" || return $?
    have=" $answer "
    for piece in $target; do
        local id=${piece%%=*} now=0
        if [[ $have == *" $id="* ]]; then now=${have#*" $id="}; now=${now%% *}; fi
        if ((${piece#*=} > now)); then behind=$((behind + ${piece#*=} - now)); fi
    done
    evidence="$behind rows behind"
    ((behind == 0))
}
#@ same-data
same_data() {
    local first second
    only_here "$1" "$2" || return $?
    first=$(grep -c . <<<"$answer" || true)
    only_here "$2" "$1" || return $?
    second=$(grep -c . <<<"$answer" || true)
    evidence="$first rows only at $1, $second only at $2"
    ((first + second == 0))
}
#@ rows-only-here
rows_only_here() {
    local count
    only_here "$1" "$2" || return $?
    count=$(grep -c . <<<"$answer" || true)
    evidence="$count rows exist only at $1"
    if ((count > 0)); then evidence+=": $(while IFS= read -r row; do row_text "$row"; done < <(head -n 5 <<<"$answer") | tr '\n' ' ')"; fi
    ((count <= $3))
}
#@ registered
registered() {
    lua "$2" "$(entry_of "$1") return e ~= nil and 'id ' .. tostring(e.id) or 'none'" || return $?
    evidence="at $2: $answer"
    [[ $answer != none ]]
}
#@ not-registered
not_registered() {
    lua "$2" "$(entry_of "$1") return e ~= nil and 'id ' .. tostring(e.id) or 'none'" || return $?
    evidence="at $2: $answer"
    [[ $answer == none ]]
}
#@ member-id
member_id() {
    lua "$2" "$(entry_of "$1") return e ~= nil and 'id ' .. tostring(e.id) or 'none'" || return $?
    evidence="at $2: $answer"
    [[ $answer == "id $3" ]]
}
#@ uuid-pinned
uuid_pinned() {
    local pinned
    pinned=$(yaml value "$(app_folder "$1")/config.yaml" "${1#*:}" database.instance_uuid) || { evidence="config.yaml names no $1"; return 1; }
    lua "$2" "$(entry_of "$1") return e ~= nil and e.uuid or 'none'" || return $?
    evidence="registered as $answer, config.yaml says ${pinned:-nothing}"
    [[ $(plain_value "$pinned") == "$(plain_value "$answer")" ]]
}
#@ no-third-peer-ahead
no_third_peer_ahead() {
    local id has peer
    lua "$2" "$(entry_of "$1") if e == nil then return 'none' end local names = '' for _, r in pairs(box.info.replication) do names = names .. ' ' .. (r.name or r.uuid) end return tostring(e.id) .. ' ' .. tostring(tonumber(box.info.vclock[e.id] or 0)) .. names" || return $?
    if [[ $answer == none ]]; then evidence="$2 does not know $1"; return 2; fi
    read -r id has peer <<<"$answer"
    for peer in $peer; do
        if [[ $peer == "${1#*:}" || $peer == "${2#*:}" ]]; then continue; fi
        lua "${1%%:*}:$peer" "return 'c ' .. tostring(tonumber(box.info.vclock[$id] or 0))" || return $?
        if ((${answer#c } > has)); then
            evidence="$peer holds ${answer#c } of id $id, $2 holds $has"
            return 1
        fi
    done
    evidence="nobody holds more than $has of id $id"
}
#@ config-has
config_has() {
    local now
    now=$(yaml value "$(app_folder "$1")/config.yaml" "${1#*:}" "$2") || { evidence="config.yaml names no $1"; return 1; }
    evidence="config.yaml says ${now:-nothing}"
    if [[ -z $3 || -z $now ]]; then [[ -z $3 && -z $now ]]; return; fi
    [[ $(plain_value "$now") == "$(plain_value "$3")" ]]
}
#@ configured
configured() {
    local folder
    folder=$(app_folder "$1")
    if ! grep -q "^${1#*:}:" "$folder/instances.yml"; then evidence="instances.yml does not name it"; return 1; fi
    yaml value "$folder/config.yaml" "${1#*:}" database >/dev/null || { evidence="config.yaml does not name it"; return 1; }
}
#@ not-configured
not_configured() {
    local folder
    folder=$(app_folder "$1")
    if grep -q "^${1#*:}:" "$folder/instances.yml"; then evidence="instances.yml names it"; return 1; fi
    if yaml value "$folder/config.yaml" "${1#*:}" database >/dev/null; then evidence="config.yaml names it"; return 1; fi
}
#@ data-absent
data_absent() {
    local found
    found=$(find "$(app_folder "$1")/var/lib/${1#*:}" \( -name '*.snap' -o -name '*.xlog' -o -name '*.vylog' \) 2>/dev/null) || true
    evidence=${found%%$'\n'*}
    evidence=${evidence:-no snapshot and no log}
    [[ -z $found ]]
}
