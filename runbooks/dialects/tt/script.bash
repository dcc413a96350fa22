#@ cluster-of
cluster_of() { printf '%s' "${1%%:*}"; }
#@ class-of
class_of() {  # of a failed command's code and text
    case $1:$2 in
        124:* | 137:*) echo timeout ;;
        *"can't establish connection"* | *'onnection refused'*) echo unreachable ;;
        *) echo command ;;
    esac
}
#@ in-time
# in_time SECONDS COMMAND...: `box` and `instance` are functions of this script: they run in a bash of their own.
in_time() {
    local seconds=$1
    shift
    if [[ $(type -t "$1") != function ]]; then
        timeout "$seconds" "$@"
        return
    fi
    journal=$journal timeout "$seconds" bash -c "set -euo pipefail"$'\n'"evidence='' answer=''"$'\n'"$(declare -f)"$'\n''"$@"' bash "$@"
}
#@ plan-line
# An undo's line in the plan: what it deletes.
plan_line() {
    shift  # the time limit
    say "    \$ $*"
    case "${1:-} ${2:-}" in
        'instance wipe' | 'tt clean') say "      LOST: what only ${*: -1} holds; whether it exists elsewhere is not known to this script" ;;
        *) return 0 ;;
    esac
    losses+="${losses:+ }${*: -1}"
}
#@ asking
# --- Asking instances; this script runs in the folder that holds instances.enabled ---
app_folder() { printf 'instances.enabled/%s' "${1%%:*}"; }

# lua APP:INSTANCE CHUNK: its first result as one line in $answer. 2: no answer, or an error.
lua() {
    local said code=0
    answer=''
    said=$(timeout 60 tt connect "$1" -f- 2>>"$journal.log" <<<"$2" 9>&-) || code=$?
    if ((code != 0)); then
        evidence="$1 does not answer"
        return 2
    fi
    said=$(awk '/^\.\.\.$/ { exit } seen { sub(/^ +/, ""); text = text (text == "" ? "" : " ") $0 } /^---/ { seen = 1 } END { print text }' <<<"$said")
    answer=${said#- }
    if [[ $answer == "'"*"'" ]]; then
        answer=${answer#\'}
        answer=${answer%\'}
        answer=${answer//\'\'/\'}
    fi
    if [[ $said == '- error:'* ]]; then
        evidence="$1: ${said#- error: }"
        return 2
    fi
}

# box APP:INSTANCE STATEMENT: as it would be typed on its console.
box() {
    local said
    said=$(tt connect "$1" -f- <<<"$2") || return $?
    printf '%s\n' "$said"
    if [[ $said == *'---'$'\n''- error:'* ]]; then return 1; fi
}

# Chunks begin with the entry `e` of PEER in box.info.replication: entry_of APP:PEER.
entry_of() { printf 'local e for _, r in pairs(box.info.replication) do if r.name == "%s" then e = r end end ' "${1#*:}"; }

# upstream_of INSTANCE PEER: "STATUS MESSAGE" in $answer, "none" without an upstream.
upstream_of() {
    lua "$1" "$(entry_of "$2") if e == nil or e.upstream == nil then return 'none' end return e.upstream.status .. ' ' .. (e.upstream.message or '')" || return $?
    evidence="upstream from $2: $answer"
}

status_of() {  # RUNNING, NOT RUNNING or ERROR in $answer
    local said
    said=$(timeout 60 tt status "$1" 2>&1 </dev/null 9>&-) || { evidence="tt status $1: $said"; return 2; }
    answer=$(grep -oE "$1[[:space:]│|]+(RUNNING|NOT RUNNING|ERROR)" <<<"$said" | grep -oE '(NOT )?RUNNING|ERROR') || answer=''
    answer=${answer%%$'\n'*}
    if [[ -z $answer ]]; then evidence="tt status does not show $1"; return 2; fi
    evidence="$answer"
}

# of_each CHECK APPLICATION: whether it holds of every instance that tt shows.
of_each() {
    local said all each code=0 worst=0 told=''
    said=$(timeout 60 tt status "$2" 2>&1 </dev/null 9>&-) || { evidence="tt status $2: $said"; return 2; }
    all=$(grep -oE "$2:[A-Za-z0-9_.-]+" <<<"$said" | sort -u) || { evidence="tt status shows no instance of $2"; return 2; }
    for each in $all; do
        code=0
        "$1" "$each" || code=$?
        told+="${told:+; }${each#*:}: $evidence"
        if ((code == 1 || worst == 0)); then worst=$code; fi
    done
    evidence=$told
    return "$worst"
}

# rows_of INSTANCE FILE: every row of every replicated space as a line of hexadecimal digits.
rows_of() {
    lua "$1" "local json, out = require('json'), {}
for _, s in ipairs(box.space._space:select()) do
    local flags = s[6] or {}
    if s[1] >= 512 and not flags.temporary and (flags.group_id or 0) == 0 and box.space[s[3]].index[0] ~= nil then
        for _, t in ipairs(box.space[s[3]]:select()) do
            out[#out + 1] = (json.encode({s[3], t:totable()}):gsub('.', function(c) return string.format('%02x', c:byte()) end))
        end
    end
end
return 'rows ' .. table.concat(out, ' ')" || return $?
    tr ' ' '\n' <<<"$answer" | sed '1d;/^$/d' | LC_ALL=C sort >"$2"
}
row_text() {
    local at text=''
    for ((at = 0; at < ${#1}; at += 2)); do text+="\\x${1:at:2}"; done
    printf '%b\n' "$text"
}

# only_here INSTANCE PEER: rows that PEER does not hold, in $answer, a line of digits each.
only_here() {
    local here there code=0
    here=$(mktemp) there=$(mktemp)
    rows_of "$1" "$here" || code=$?
    if ((code == 0)); then rows_of "$2" "$there" || code=$?; fi
    if ((code == 0)); then answer=$(LC_ALL=C comm -23 "$here" "$there"); fi
    rm -f -- "$here" "$there"
    return "$code"
}

# --- Files: config.yaml in block style, edited where it stands; comments and order stay ---
# yaml MODE FILE INSTANCE [KEY VALUE]: value, set, unset, add (KEY is LISTEN, VALUE the mode) or remove. 4: not there.
yaml() {
    awk -v mode="$1" -v name="$3" -v path="${4:-}" -v value="${5:-}" -v added="${6:-}" -v quote="'" '
        function ind(s) { match(s, /^ */); return RLENGTH }
        function note(s) { return s ~ /^ *(#.*)?$/ }
        function keyof(s) { sub(/^ */, "", s); if (s !~ /^[A-Za-z0-9_.-]+:/) return ""; sub(/:.*/, "", s); return s }
        function pad(n, s) { s = ""; while (n-- > 0) s = s " "; return s }
        function blockend(at, i, e, n) {
            e = at; n = ind(line[at])
            for (i = at + 1; i <= NR; i++) {
                if (note(line[i])) continue
                if (ind(line[i]) < n || ind(line[i]) == n && line[i] !~ /^ *- /) break
                e = i
            }
            return e
        }
        function parent(at, i) {
            for (i = at - 1; i > 0; i--) if (!note(line[i]) && ind(line[i]) < ind(line[at]) && keyof(line[i]) != "") return i
            return 0
        }
        function childindent(at, i) {
            for (i = at + 1; i <= blockend(at); i++) if (!note(line[i])) return ind(line[i])
            return ind(line[at]) + 2
        }
        function child(at, key, i, c) {
            c = childindent(at)
            for (i = at + 1; i <= blockend(at); i++) if (!note(line[i]) && ind(line[i]) == c && keyof(line[i]) == key) return i
            return 0
        }
        function rest(at, s) { s = line[at]; sub(/^[^:]*: */, "", s); sub(/ +#.*$/, "", s); return s }
        function remark(at, s) { s = line[at]; if (match(s, / +#.*$/)) return substr(s, RSTART); return "" }
        function copy(from, to, i) { for (i = from; i <= to; i++) print line[i] }
        { line[NR] = $0 }
        END {
            for (i = 1; i <= NR; i++) {
                if (keyof(line[i]) != name) continue
                p = parent(i)
                if (keyof(line[p]) == "instances" && keyof(line[parent(parent(p))]) == "replicasets") at = i
            }
            if (!at) exit 4
            if (mode == "remove") { copy(1, at - 1); copy(blockend(at) + 1, NR); exit 0 }
            if (mode == "add") {
                end = blockend(parent(at)); d = ind(line[at]); copy(1, end)
                print pad(d) added ":"; print pad(d + 2) "database:"; print pad(d + 4) "mode: " value
                print pad(d + 2) "iproto:"; print pad(d + 4) "listen:"; print pad(d + 4) "- uri: " quote path quote
                copy(end + 1, NR); exit 0
            }
            n = split(path, keys, "."); found = 0
            for (k = 1; k <= n; k++) { c = child(at, keys[k]); if (!c) break; above = at; at = c; found = k }
            end = blockend(at)
            if (mode == "value") {
                if (found < n) exit 0
                text = rest(at)
                for (i = at + 1; i <= end; i++) if (!note(line[i])) text = text " " line[i]
                print text; exit 0
            }
            if (mode == "unset") {
                if (found < n) { copy(1, NR); exit 0 }
                alone = 1; c = ind(line[at])
                for (i = above + 1; i <= blockend(above); i++) if (i != at && !note(line[i]) && ind(line[i]) == c && keyof(line[i]) != "") alone = 0
                if (!alone) { copy(1, at - 1); copy(end + 1, NR); exit 0 }
                copy(1, above - 1); print pad(ind(line[above])) keyof(line[above]) ": {}"; copy(end + 1, NR); exit 0
            }
            if (found == n) { copy(1, at - 1); print pad(ind(line[at])) keys[n] ": " value remark(at); copy(end + 1, NR); exit 0 }
            inline = rest(at)
            if (inline != "" && inline != "{}") exit 5
            copy(1, at - 1)
            print inline == "{}" ? pad(ind(line[at])) keyof(line[at]) ":" remark(at) : line[at]
            copy(at + 1, end); d = childindent(at)
            for (k = found + 1; k <= n; k++) { print pad(d) keys[k] ":" (k == n ? " " value : ""); d += 2 }
            copy(end + 1, NR)
        }' "$2"
}

# rewrite FILE COMMAND...: the file becomes what the command prints, at once or not at all.
rewrite() {
    local file=$1 code=0
    shift
    "$@" >"$file.new" || code=$?
    if ((code != 0)); then
        rm -f -- "$file.new"
        printf '%s cannot be edited here (%s); edit it by hand, then start again\n' "$file" "$code" >&2
        return 1
    fi
    cat "$file.new" >"$file" && rm -f -- "$file.new"
}

plain_value() { tr -d " '\"[]{}\n-" <<<"$1"; }

# instance VERB APP:INSTANCE ...: edits of files between two words of tt.
instance() {
    local folder name
    folder=$(app_folder "$2") name=${2#*:}
    case $1 in
        set) rewrite "$folder/config.yaml" yaml set "$folder/config.yaml" "$name" "$3" "$4" ;;
        unset) rewrite "$folder/config.yaml" yaml unset "$folder/config.yaml" "$name" "$3" ;;
        pin-uuid)
            lua "$3" "$(entry_of "$2") return e ~= nil and e.uuid or ''" || { printf '%s\n' "$evidence" >&2; return 1; }
            if [[ -z $answer ]]; then printf '%s does not know %s\n' "$3" "$2" >&2; return 1; fi
            instance set "$2" database.instance_uuid "$answer" ;;
        add)
            rewrite "$folder/config.yaml" yaml add "$folder/config.yaml" "${3#*:}" "$4" "$5" "$name"
            grep -q "^$name:" "$folder/instances.yml" || printf '%s:\n' "$name" >>"$folder/instances.yml" ;;
        remove)
            rewrite "$folder/config.yaml" yaml remove "$folder/config.yaml" "$name"
            rewrite "$folder/instances.yml" awk -v name="$name" '$0 !~ "^" name ":"' "$folder/instances.yml" ;;
        wipe)
            status_of "$2" || { printf '%s\n' "$evidence" >&2; return 1; }
            if [[ $answer == RUNNING ]]; then printf '%s runs: stop it first\n' "$2" >&2; return 1; fi
            rm -f -- "$folder/var/lib/$name"/*.snap "$folder/var/lib/$name"/*.xlog "$folder/var/lib/$name"/*.vylog ;;
        save-rows)
            if [[ -e $4 ]]; then printf '%s is there already\n' "$4" >&2; return 1; fi
            only_here "$2" "$3" || { printf '%s\n' "$evidence" >&2; return 1; }
            while IFS= read -r row; do if [[ -n $row ]]; then row_text "$row"; fi; done <<<"$answer" >"$4" ;;
        *) printf 'instance knows no %s\n' "$1" >&2; return 2 ;;
    esac
}
