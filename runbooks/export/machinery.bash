# ---------------------------------------------------------------------------------------------------------------
# Machinery: the same in every exported script. The steps follow below it.
# ---------------------------------------------------------------------------------------------------------------
dry_run=false stepwise=false undo_run=false again=false assume_yes=false show_status=false
from_step='' until_step='' journal="./$runbook.journal" user=${TRIBUTARY_USER:-$(id -un)}
declare -A approved=() resolved=() step_state=() line_state=() step_changed=() step_kept=() step_approved=()
verdict=yes culprit='' evidence='' answer='' row='' newest_when_asked='' command_said=''
current_id='' current_place='' lines_seen=0 stop_asked=false earlier_seen=false is_final=false finished_before=false
undo_broken_off=false
attempts=1 retry_delay=1 retry_on='' verify_from=0 losses='' unapproved='' wanted='' places=0 planning=false
approved_now=()
arguments=("$@")

# Waits; a request to stop ends it at once.
pause() {
    local sleeper
    sleep "$1" 9>&- &
    sleeper=$!
    wait "$sleeper" || true
    kill "$sleeper" 2>/dev/null || true
}

say() { printf '%s\n' "$*" >&2; }

usage() {
    say "$runbook: $runbook_title"
    say ""
    say "Use: $0 [OPTION...]"
    say "  --dry-run           show every step and command; ask and change nothing"
    say "  --step              ask before every step"
    say "  --from STEP         begin with this step; earlier ones are checked"
    say "  --until STEP        stop after this step"
    say "  --status            tell what the journal knows"
    say "  --undo              take back what this script did, last step first, once it is approved"
    say "  --undo --dry-run    show what that would take away"
    say "  --again             begin anew although the journal says that all is done"
    say "  --set NAME=VALUE    another value of a parameter: $(parameter_names)"
    say "  --approve STEP=WORD approve a step: the name that it wants typed, or yes"
    say "  --resolve STEP=done or STEP=not-done  decide an interrupted command that nothing can tell of"
    say "  --yes               approve every step, or the undo, that does not want a name typed"
    say "  --user NAME         whose permissions are looked at (default: $user)"
    say "  --journal FILE      where progress is kept (default: $journal)"
    say "Exit: 0 done; 1 a check or command said no, nothing is left half done; 2 wrong words or a tool is missing;"
    say "  3 could not decide; 5 the journal belongs to other parameters; 6 stopped, undone; 7 stopped part-way;"
    say "  8 needs an approval; 9 a command timed out, its effect is not seen; 10 already running; 130 interrupted"
}

wrong_words() {
    say "$runbook: $1"
    say "  try: ${2:-$0 --help}"
    exit 2
}

# The command that goes on, with the options of this start.
this_command() {
    local word
    printf '%q' "$0"
    for word in ${arguments[@]+"${arguments[@]}"} "$@"; do printf ' %q' "$word"; done
}

# --- Journal: one line per event, on the disk before the script goes on ---
record() {
    local stamp detail=${3:-}
    stamp=$(date -u +%Y-%m-%dT%H:%M:%SZ)
    detail=${detail//[$'\n\t']/ }
    if ! { printf '%s\t%s\t%s\t%s\n' "$stamp" "$1" "${2:-}" "$detail" >>"$journal" && sync "$journal"; }; then
        say "$runbook: the journal $journal cannot be written; nothing more is done"
        exit 70
    fi
}

note() {  # the log keeps what commands printed
    printf '%s %s\n' "$(date -u +%H:%M:%SZ)" "$*" >>"$journal.log"
}

read_journal() {
    local kind id detail
    [[ -s $journal ]] || return 0
    if [[ -n $(tail -c 1 "$journal") ]]; then  # a torn last line says nothing
        head -n "$(wc -l <"$journal")" "$journal" >"$journal.whole" && mv "$journal.whole" "$journal"
    fi
    while IFS=$'\t' read -r _ kind id detail; do
        case $kind in
            script)
                if [[ $detail != "$(binding)" ]]; then
                    say "$runbook: the journal $journal was written for another runbook or other parameters"
                    say "  there: $detail"
                    say "  here:  $(binding)"
                    say "  try: give the parameters of that run, or another journal: --journal FILE"
                    exit 5
                fi ;;
            line-started) line_state[$id]=doubt step_state[${id%:*}]=started ;;
            line-done) line_state[$id]='done' step_changed[${id%:*}]=true ;;
            line-failed | line-undone) line_state[$id]=none ;;
            approved) step_approved[$id]=true ;;
            started) step_state[$id]=started ;;
            undone) step_state[$id]=new step_changed[$id]=false step_kept[$id]=false ;;
            kept) step_kept[$id]=true ;;
            done | found | not-needed | skipped | failed) step_state[$id]=$kind ;;
            finished) finished_before=true ;;
            session) finished_before=false undo_broken_off=false ;;
            undo-started) finished_before=false undo_broken_off=true ;;
            undo-failed) undo_broken_off=false ;;
            *)
                say "$runbook: $journal holds a line that this script does not know: $kind"
                say "  try: another journal: --journal FILE"
                exit 70 ;;
        esac
    done <"$journal"
}

begin_journal() {
    if [[ ! -s $journal ]]; then record script "$runbook" "$(binding)"; fi
    record session "$runbook" "${1:-run} by $(id -un)"
}

# --- Ends ---
# By this start, or by one before --again, whose journal was put aside.
is_changed() { [[ ${step_changed[$1]:-false} == true || ${step_kept[$1]:-false} == true ]]; }

changed_anything() {
    local id
    for id in "${step_ids[@]}"; do
        if is_changed "$id"; then return 0; fi
    done
    return 1
}

commands_remain() {  # after the step at hand
    local id past=false
    for id in "${step_ids[@]}"; do
        if [[ $past == true ]] && has_commands "$id"; then return 0; fi
        if [[ $id == "$current_id" ]]; then past=true; fi
    done
    return 1
}

state_reached() {
    local id done=0 other=0
    for id in "${step_ids[@]}"; do
        case ${step_state[$id]:-new} in
            done | found) done=$((done + 1)) ;;
            not-needed | skipped) other=$((other + 1)) ;;
        esac
    done
    printf '%s of %s steps hold, %s were not needed' "$done" "${#step_ids[@]}" "$other"
}

# stop CODE REASON NEXT-COMMAND
stop() {
    say ""
    say "$runbook: stopped${current_place:+ at step $current_place}: $2"
    say "  reached: $(state_reached)"
    say "  try: $3"
    if [[ -e $journal.log ]]; then say "  what commands printed: $journal.log"; fi
    exit "$1"
}

# fail CLASS REASON: precondition and verify leave nothing half done when no command is left to run.
fail() {
    local class=$1 reason=$2 code=7 next
    next=${3:-remove the cause, then start again: $(this_command)}
    record failed "$current_id" "$reason"
    if [[ $class == doubt ]]; then stop 3 "$reason" "$next"; fi
    if [[ $class == timeout ]]; then stop 9 "$reason" "$next"; fi
    case $on_failure in
        continue) say "  failed, and goes on: $reason"; return 0 ;;
        compensate)
            say "  failed: $reason; what was done is taken back"
            next=$current_id
            scan_undo
            if [[ -n $wanted ]]; then
                current_id=$next
                stop 7 "$reason; nothing was taken back, because that would delete data" "look at $0 --undo --dry-run, then: $0 --undo$unapproved"
            fi
            undo_steps
            stop 6 "$reason" "remove the cause, then start again: $(this_command)" ;;
    esac
    if [[ $class != command ]] && ! commands_remain; then code=1; fi
    if ! changed_anything; then code=1; fi
    if [[ $code == 7 ]]; then next+=" (or take back what was done: $(this_command --undo))"; fi
    stop "$code" "$reason" "$next"
}

# --- Checks: 0 yes, 1 no, 2 nobody can tell; $evidence says what was seen ---
show_check() {
    local name=$1
    shift
    printf '%s' "${name//_/-}"
    if [[ $# -gt 0 ]]; then printf ' %s' "$@"; fi
}

evaluate() {
    local code=0
    evidence='' is_final=false
    "$@" || code=$?
    return "$code"
}

# holds [not] CHECK ARGUMENT...: adds one check to a list. "No" beats "cannot tell" beats "yes".
holds() {
    local wanted=0 code=0 said
    if [[ $1 == not ]]; then
        wanted=1
        shift
    fi
    if [[ $dry_run == true ]]; then
        say "      $( ((wanted == 0)) || printf 'not ')$(show_check "$@")"
        return 0
    fi
    evaluate "$@" || code=$?
    said="$(show_check "$@")${evidence:+ ($evidence)}"
    if ((code > 1)); then
        if [[ $verdict == yes ]]; then verdict=unknown culprit="cannot tell: $said"; fi
    elif ((code != wanted)); then
        if [[ $verdict != no ]]; then
            verdict=no
            culprit="not so: $( ((wanted == 0)) || printf 'not ')$said"
        fi
    fi
}

judge() {  # judge STEP PART: all checks of that part; the answer is in $verdict
    verdict=yes culprit=''
    run_part "$1" "$2"
}

# becomes SECONDS INTERVAL CHECK ARGUMENT...
becomes() {
    local within=$1 interval=$2 code
    shift 2
    if [[ $dry_run == true ]]; then
        say "      becomes within ${within}s: $(show_check "$@")"
        return 0
    fi
    if [[ $verdict != yes ]]; then return 0; fi
    newest_when_asked=''
    while true; do
        code=0
        evaluate "$@" || code=$?
        if ((code == 0)); then
            say "  yes: $(show_check "$@")${evidence:+ ($evidence)}"
            return 0
        fi
        if [[ $earlier_seen == true || $is_final == true ]] || ((SECONDS - verify_from >= within)); then
            verdict=no culprit="not so: $(show_check "$@")${evidence:+ ($evidence)}"
            if [[ $earlier_seen != true ]]; then culprit+=" after $((SECONDS - verify_from)) s"; fi
            if ((code > 1)); then verdict=unknown culprit="cannot tell: ${culprit#not so: }"; fi
            return 0
        fi
        if [[ $stop_asked == true ]]; then stop 130 "stopped by request while waiting" "$(this_command)"; fi
        pause "$interval"
    done
}

# stays SECONDS INTERVAL CHECK ARGUMENT...: at every look for that long after the command.
stays() {
    local duration=$1 interval=$2 code since=$SECONDS
    shift 2
    if [[ $dry_run == true ]]; then
        say "      stays for ${duration}s: $(show_check "$@")"
        return 0
    fi
    while [[ $verdict == yes ]]; do
        code=0
        evaluate "$@" || code=$?
        if ((code == 1)); then
            verdict=no culprit="must stay so, but is not: $(show_check "$@")${evidence:+ ($evidence)}"
            return 0
        fi
        if ((SECONDS - since >= duration)); then return 0; fi
        if [[ $stop_asked == true ]]; then stop 130 "stopped by request while waiting" "$(this_command)"; fi
        pause "$interval"
    done
}

# --- Commands ---
retry() { attempts=$1 retry_delay=$2 retry_on=$3; }

#@ class-of
#@ in-time

# run SECONDS COMMAND...: one line of a step. What was done in an earlier start is not done again.
run() {
    local seconds=$1 code attempt=1 delay=$retry_delay class said id
    shift
    lines_seen=$((lines_seen + 1))
    id=$current_id:$lines_seen
    if [[ $dry_run == true ]]; then
        say "    \$ $*"
        return 0
    fi
    if [[ ${line_state[$id]:-none} == 'done' ]]; then return 0; fi
    while true; do
        say "  \$ $*"
        record line-started "$id" "$*"
        code=0
        said=$(in_time "$seconds" "$@" 2>&1 </dev/null 9>&-) || code=$?
        note "[$id] $* -> $code"$'\n'"$said"
        if ((code == 0)); then
            record line-done "$id"
            line_state[$id]='done' step_changed[$current_id]=true
            return 0
        fi
        class=$(class_of "$code" "$said")
        command_said="\`$*\` ended with $code: $(tail -n 3 <<<"$said" | tr '\n' ' ')"
        if [[ $class == timeout || $class == unreachable ]]; then
            judge_doubt "$lines_seen"
            if [[ $verdict == yes ]]; then
                record line-done "$id"
                line_state[$id]='done' step_changed[$current_id]=true
                return 0
            fi
            if [[ $verdict == unknown || $class == timeout && $repeatable != true ]]; then
                if [[ $class == timeout ]]; then fail timeout "$command_said; $culprit" "look at the system, then: $(this_command)"; fi
                fail doubt "$command_said; $culprit" "bring the system back, then: $(this_command)"
                return 1
            fi
        fi
        record line-failed "$id"
        line_state[$id]=none
        if ((attempt >= attempts)) || [[ " $retry_on " != *" $class "* ]]; then
            fail command "$command_said"
            return 1
        fi
        say "  tries again in ${delay}s: $command_said"
        pause "$delay"
        if [[ $stop_asked == true ]]; then stop 130 "stopped by request while waiting" "$(this_command)"; fi
        attempt=$((attempt + 1)) delay=$((delay * 2))
    done
}

# Whether "it exists" can be what an undo wants: the step has a check of its own, or step or undo was broken off before.
back_is_seen() {
    local line
    if [[ $has_done_when == true || $undo_broken_off == true ]]; then return 0; fi
    for line in "${!line_state[@]}"; do
        if [[ ${line%:*} == "$current_id" && ${line_state[$line]} == doubt ]]; then return 0; fi
    done
    return 1
}

undo_line() {  # a line of an undo; what is gone already, or is back, needs none
    local seconds=$1 said code=0
    if [[ $planning == true ]]; then
        plan_line "$@"
        return 0
    fi
    shift
    if [[ $dry_run == true ]]; then
        say "    undo: $*"
        return 0
    fi
    say "  \$ $*"
    said=$(in_time "$seconds" "$@" 2>&1 </dev/null 9>&-) || code=$?
    note "[undo $current_id] $* -> $code"$'\n'"$said"
#@ undo-failed
        record undo-failed "$current_id"
        stop 7 "the undo failed: \`$*\` ended with $code: $(tail -n 3 <<<"$said" | tr '\n' ' ')" "remove the cause, then: $0 --undo"
    fi
}

# judge_doubt NUMBER: whether a line without a result had its effect. Its own check decides; else, for the last
# line, the step's done-when, and its verify, waited for.
judge_doubt() {
    case ${resolved[$current_id]:-} in
        done) verdict=yes; return 0 ;;
        not-done) verdict=no culprit='told so by --resolve'; return 0 ;;
    esac
    if has_line_check "$current_id-$1"; then
        judge "$current_id" "line-$1-done"
        return 0
    fi
    if (($1 < line_count)) && [[ $repeatable != true ]]; then
        verdict=unknown culprit="line $1 has no check of its own (--resolve $current_id=done or =not-done)"
        return 0
    fi
    if [[ $has_done_when == true ]]; then
        judge "$current_id" done-when
        if [[ $verdict != no ]]; then return 0; fi
    fi
    if [[ $repeatable == true ]]; then
        verdict=no culprit='it may be run again'
        return 0
    fi
    verdict=yes culprit='' verify_from=$SECONDS
    run_part "$current_id" verify
}

# --- People ---
ask_person() {  # ask_person QUESTION: the answer in $answer; fails when nobody can be asked
    printf '%s ' "$1" >&2
    IFS= read -r answer || return 1
}

# approved_by_options: whether the words of this start approve the step at hand.
approved_by_options() {
    local word=${approved[$current_id]:-}
    if [[ -n $type_the_name ]]; then [[ $word == "$type_the_name" ]]; else [[ $word == yes || $assume_yes == true ]]; fi
}

# Whether somebody may answer: a terminal, or words that are piped in.
someone_there() { [[ -t 0 || -p /dev/stdin || -S /dev/stdin ]]; }

# obtain_approval: of the step at hand. 0 given, 1 nobody can be asked. A refusal ends the script.
obtain_approval() {
    if approved_by_options; then return 0; fi
    if [[ -n ${approved[$current_id]:-} ]]; then
        stop 8 "what was approved is \`${approved[$current_id]}\`" "$(this_command --approve "$current_id=${type_the_name:-yes}")"
    fi
    say "  $approval"
    if [[ -n $type_the_name ]]; then
        ask_person "type $type_the_name to approve:" || return 1
    else
        ask_person "approve? [yes/no]" || return 1
    fi
    if [[ $answer != "${type_the_name:-yes}" ]]; then stop 8 "it was not approved" "$(this_command)"; fi
}

# Everything that needs somebody's word, before the first step: asked for, or named as missing. A step is left out when
# it holds, or is not wanted, and nothing in front of it will act and so change that.
ask_in_advance() {
    local id acts=false idle past=true any=false
    for id in "${step_ids[@]}"; do  # the system is not asked for nothing
        open_step "$id"
        if [[ -n $approval$type_the_name || $kind == human ]]; then any=true; fi
    done
    current_id='' current_place=''
    if [[ $any == false ]]; then return 0; fi
    if [[ -n $from_step ]]; then past=false; fi
    unapproved=''
    for id in "${step_ids[@]}"; do
        if [[ $id == "$from_step" ]]; then past=true; fi
        case ${step_state[$id]:-new} in done | found | not-needed | skipped) continue ;; esac
        if [[ $past == false ]]; then continue; fi
        idle=false
        judge "$id" when
        if [[ $verdict == no ]]; then idle=true; fi
        open_step "$id"
        if [[ $idle == false && $has_done_when == true ]]; then
            judge "$id" done-when
            if [[ $verdict == yes ]]; then idle=true; fi
        fi
        if [[ $idle == false || $acts == true ]]; then approval_in_advance "$id"; fi
        if [[ $idle == false ]] && { has_commands "$id" || [[ $kind == human ]]; }; then acts=true; fi
        if [[ $id == "$until_step" ]]; then break; fi
    done
    current_id='' current_place=''
    if [[ -z $unapproved ]]; then return 0; fi
    stop 8 "nothing was begun: approvals are missing" "look at $0 --dry-run, then: $(this_command)$unapproved"
}

approval_in_advance() {
    local id=$1
    if [[ ${step_approved[$id]:-} == true ]]; then return 0; fi
    if [[ $kind == human ]]; then  # the deed comes when it is its turn, but then somebody must be there
        if [[ $assume_yes == true || ${approved[$id]:-} == yes ]] || someone_there; then return 0; fi
        say "$runbook: step $id is for a person: $instruction"
        unapproved+=" --approve $id=yes"
        return 0
    fi
    if [[ -z $approval$type_the_name ]]; then return 0; fi
    if obtain_approval; then
        step_approved[$id]=true approved_now+=("$id")
        return 0
    fi
    say "$runbook: step $id needs an approval: $approval"
    unapproved+=" --approve $(printf '%q' "$id=${type_the_name:-yes}")"
}

approve() {  # what was not asked before the first step
    if [[ -z $approval && -z $type_the_name ]]; then return 0; fi
    if [[ ${step_approved[$current_id]:-} == true ]]; then return 0; fi
    if ! obtain_approval; then
        stop 8 "the step needs an approval: $approval" "$(this_command --approve "$current_id=${type_the_name:-yes}")"
    fi
    record approved "$current_id" "by $(id -un)"
}

instruct() {  # a step that a person does
    if [[ ${step_approved[$current_id]:-} == true ]]; then return 0; fi
    say "  $instruction"
    if [[ $assume_yes != true && ${approved[$current_id]:-} != yes ]]; then
        if ! ask_person "is it so? [yes/no]"; then
            stop 8 "the step is for a person: $instruction" "do it, then: $(this_command --approve "$current_id=yes")"
        fi
        if [[ $answer != y && $answer != yes ]]; then fail precondition "the answer was no: $instruction"; return 1; fi
    fi
    record approved "$current_id" "done by $(id -un)"
}

before_step() {  # --step
    if [[ $stepwise != true ]]; then return 0; fi
    while true; do
        if ! ask_person "  go, skip or stop? [g/s/q]"; then
            stop 130 "nobody answered before the step" "$(this_command)"
        fi
        case $answer in
            g) return 0 ;;
            s)
                record skipped "$current_id" "by $(id -un)"
                step_state[$current_id]=skipped
                return 1 ;;
            q) stop 130 "stopped before the step" "$(this_command)" ;;
        esac
    done
}

# --- The course of a step ---
open_step() {
    current_id=$1
    repeatable=false has_done_when=false on_failure=abort approval='' type_the_name='' instruction=''
    kind=commands line_count=1 wait_seconds=0 irreversible='' docs='' lines_seen=0
    attempts=1 retry_delay=1 retry_on=''
    run_part "$1" about
    current_place="$number/${#step_ids[@]} $1"
}

mark() {  # mark STATE TEXT
    record "$1" "$current_id" "${2:-}"
    step_state[$current_id]=$1
    say "  ${1//-/ }${2:+: $2}"
}

in_doubt() {
    local line
    for line in "${!line_state[@]}"; do
        if [[ ${line%:*} == "$current_id" && ${line_state[$line]} == doubt ]]; then
            printf '%s' "$line"
            return 0
        fi
    done
    return 1
}

verify_step() {
    verdict=yes culprit='' verify_from=$SECONDS
    run_part "$current_id" verify
}

settle_doubt() {  # 0: the step is done; 1: it goes on
    local line
    line=$(in_doubt) || return 1
    say "  the last start ended in \`${line}\`: looking whether it took effect"
    judge_doubt "${line##*:}"
    case $verdict in
        yes)
            record line-done "$line"
            line_state[$line]='done' step_changed[$current_id]=true
            return 1 ;;
        no)
            record line-failed "$line"
            line_state[$line]=none
            return 1 ;;
    esac
    fail doubt "nobody can tell whether the interrupted command took effect: $culprit" "bring the system back, then: $(this_command)"
}

show_step() {  # --dry-run
    local part
    for part in when done-when requires; do
        say "    $part:"
        run_part "$current_id" "$part"
    done
    if [[ -n $approval$type_the_name ]]; then say "    approval: $approval${type_the_name:+ (type $type_the_name)}"; fi
    if [[ -n $instruction ]]; then say "    for a person: $instruction"; fi
    if [[ $kind == wait ]]; then say "    waits ${wait_seconds}s"; fi
    run_part "$current_id" commands
    say "    verify:"
    run_part "$current_id" verify
    if [[ -n $irreversible ]]; then say "    cannot be undone: $irreversible"; else run_part "$current_id" undo; fi
}

do_step() {
    local resumed=false
    open_step "$1"
    say "[$current_place] $title"
    if [[ $dry_run == true ]]; then
        show_step
        return 0
    fi
    case ${step_state[$1]:-new} in
        done | found | not-needed | skipped)
            say "  ${step_state[$1]//-/ } in an earlier start"
            return 0 ;;
        started | failed) if [[ ${step_changed[$1]:-} == true ]] || in_doubt >/dev/null; then resumed=true; fi ;;
    esac
    if [[ $resumed == false ]]; then
        judge "$1" when
        if [[ $verdict == no ]]; then mark not-needed "$culprit"; return 0; fi
        if [[ $verdict == unknown ]]; then fail doubt "cannot tell whether the step is needed: $culprit"; return 0; fi
    fi
    if [[ $has_done_when == true ]]; then
        judge "$1" done-when
        if [[ $verdict == yes && $resumed == true ]]; then step_changed[$1]=true; mark 'done' "before the interruption"; return 0; fi
        if [[ $verdict == yes ]]; then mark found "held already"; return 0; fi
        if [[ $verdict == unknown && $resumed == false ]]; then fail doubt "$culprit" "bring the system back, then: $(this_command)"; return 0; fi
    fi
    if [[ $resumed == true ]]; then settle_doubt || true; fi
    if [[ ${step_changed[$1]:-false} != true ]]; then
        judge "$1" requires
        if [[ $verdict == no ]]; then fail precondition "a requirement is $culprit" "$(hint)"; return 0; fi
        if [[ $verdict == unknown ]]; then fail doubt "$culprit" "bring the system back, then: $(this_command)"; return 0; fi
    fi
    before_step || return 0
    approve
    record started "$1"
    case $kind in
        commands) if ! run_part "$1" commands; then return 0; fi ;;
        human) instruct || return 0 ;;
        wait)
            pause "$wait_seconds"
            if [[ $stop_asked == true ]]; then stop 130 "stopped by request while waiting" "$(this_command)"; fi ;;
    esac
    verify_step
    if [[ $verdict == unknown ]]; then fail doubt "$culprit" "bring the system back, then: $(this_command)"; return 0; fi
    if [[ $verdict == no ]]; then fail verify "$culprit" "$(hint)"; return 0; fi
    mark 'done'
}

hint() {
    printf 'remove the cause, then start again: %s' "$(this_command)"
    if [[ -n $docs ]]; then printf ' (see: %s)' "$docs"; fi
}

# Before --from: what the earlier steps are to have done must hold now.
check_earlier() {
    open_step "$1"
    say "[$current_place] $title (before --from $from_step)"
    judge "$1" when
    if [[ $verdict == no ]]; then mark not-needed "$culprit"; return 0; fi
    if [[ $has_done_when == true ]]; then
        judge "$1" done-when
    else
        earlier_seen=true
        verify_step
        earlier_seen=false
    fi
    if [[ $verdict == yes ]]; then mark found "checked for --from"; return 0; fi
    record failed "$1" "$culprit"
    stop "$(if [[ $verdict == no ]]; then echo 1; else echo 3; fi)" "cannot begin at $from_step: $culprit" "begin earlier: $0 --from $1"
}

#@ plan-line

option_value() {  # option_value NAME WORD...
    local name=$1
    shift
    while [[ $# -gt 1 ]]; do
        if [[ $1 == "$name" ]]; then printf '%s' "$2"; return 0; fi
        shift
    done
}

# Shows what an undo takes away, step by step. In $wanted: the names of what would be deleted and is not approved.
scan_undo() {
    local index id
    unapproved='' wanted='' places=0
    for ((index = ${#step_ids[@]} - 1; index >= 0; index--)); do
        id=${step_ids[index]}
        if ! is_changed "$id"; then continue; fi
        open_step "$id"
        if [[ -n $irreversible ]]; then stop 7 "the step cannot be undone: $irreversible" "go on instead: $0"; fi
        places=$((places + 1)) losses=''
        say "  $places. $id: $title"
        planning=true
        run_part "$id" undo
        planning=false
        if [[ -z $losses || ${approved[$id]:-} == "$losses" ]]; then continue; fi
        wanted+="${wanted:+$'\n'}$id=$losses"
        unapproved+=" --approve $(printf '%q' "$id=$losses")"
    done
    current_id='' current_place=''
    if ((places == 0)); then say "  nothing: this script has changed nothing"; fi
}

# The plan of --undo, and its approval: deleted data by their names.
plan_undo() {
    local line
    say "$runbook_title: what would be undone, in this order"
    scan_undo
    if ((places == 0)); then return 0; fi
    if [[ $dry_run == true ]]; then
        say "  without a terminal:${unapproved:- --yes}"
        return 0
    fi
    if [[ -z $wanted && ($assume_yes == true || ${#approved[@]} -gt 0) ]]; then return 0; fi
    if [[ -z $wanted ]]; then wanted='=yes'; fi
    while IFS= read -r line <&3; do
        if [[ $line == '=yes' ]]; then
            ask_person "undo these steps? [yes/no]" || answer=''
        else
            ask_person "type ${line#*=} to approve the undo of ${line%%=*}:" || answer=''
        fi
        if [[ $answer != "${line#*=}" ]]; then
            stop 8 "nothing was undone: it needs an approval" "look at $0 --undo --dry-run, then: $(this_command)${unapproved:- --yes}"
        fi
    done 3<<<"$wanted"
}

undo_steps() {
    local index id since
    for ((index = ${#step_ids[@]} - 1; index >= 0; index--)); do
        id=${step_ids[index]}
        if ! is_changed "$id"; then continue; fi
        open_step "$id"
        if [[ -n $irreversible ]]; then stop 7 "the step cannot be undone: $irreversible" "go on instead: $(this_command)"; fi
    done
    record undo-started "$runbook"
    for ((index = ${#step_ids[@]} - 1; index >= 0; index--)); do
        id=${step_ids[index]}
        if ! is_changed "$id"; then continue; fi
        if [[ $stop_asked == true ]]; then stop 130 "the undo was stopped by request" "$(this_command)"; fi
        open_step "$id"
        say "[$current_place] undo: $title"
        run_part "$id" undo
        since=$SECONDS
        while [[ $has_done_when == true ]]; do
            judge "$id" done-when
            if [[ $verdict == no ]]; then break; fi
            if ((SECONDS - since >= 30)); then stop 7 "the step still holds after its undo: $id" "look at the system, then: $0 --undo"; fi
            if [[ $stop_asked == true ]]; then stop 130 "the undo was stopped by request" "$(this_command)"; fi
            pause 0.5
        done
        for since in "${!line_state[@]}"; do
            if [[ ${since%:*} == "$id" ]]; then
                record line-undone "$since"
                line_state[$since]=none
            fi
        done
        record undone "$id"
        step_state[$id]=new step_changed[$id]=false step_kept[$id]=false
    done
}

check_tools() {
    local tool
    for tool in jq timeout flock sync "${tools[@]}"; do
        if ! command -v "$tool" >/dev/null; then
            wrong_words "$tool is not on PATH; this script needs it" \
                "on a rehearsal workspace: eval \"\$(tributary env WORKSPACE)\"; else install it on this machine"
        fi
    done
}

known_step() {
    local id
    for id in "${step_ids[@]}"; do
        if [[ $id == "$1" ]]; then return 0; fi
    done
    wrong_words "there is no step $1" "$0 --dry-run lists them: ${step_ids[*]}"
}

read_arguments() {
    while [[ $# -gt 0 ]]; do
        case $1 in
            --dry-run | -n) dry_run=true ;;
            --step) stepwise=true ;;
            --undo) undo_run=true ;;
            --again) again=true ;;
            --yes) assume_yes=true ;;
            --status) show_status=true ;;
            --help | -h)
                usage
                exit 0 ;;
            --from | --until | --set | --approve | --resolve | --user | --journal)
                if [[ $# -lt 2 ]]; then wrong_words "$1 needs a value"; fi
                case $1 in
                    --from) known_step "$2" && from_step=$2 ;;
                    --until) known_step "$2" && until_step=$2 ;;
                    --set) set_parameter "${2%%=*}" "${2#*=}" ;;
                    --approve) approved[${2%%=*}]=${2#*=} ;;
                    --resolve) resolved[${2%%=*}]=${2#*=} ;;
                    --user) user=$2 ;;
                    --journal) journal=$2 ;;
                esac
                shift ;;
            *) wrong_words "there is no option $1" ;;
        esac
        shift
    done
}

tell_status() {
    local id
    for id in "${step_ids[@]}"; do printf '%s\t%s\n' "$id" "${step_state[$id]:-new}"; done
}

main() {
    local id past_from=true
    read_arguments "$@"
    if [[ $dry_run == true && $undo_run == false ]]; then
        say "$runbook_title: what would be done; nothing is asked or changed"
        for id in "${step_ids[@]}"; do do_step "$id"; done
        return 0
    fi
    check_tools
    check_values
    exec 9>>"$journal.lock"
    if ! flock -w 5 9; then
        stop 10 "another start of this script holds $journal.lock" "wait for it, or end it"
    fi
    read_journal
    if [[ $show_status == true ]]; then
        tell_status
        return 0
    fi
    if [[ $undo_run == true ]]; then
        plan_undo
        if [[ $dry_run == true ]]; then return 0; fi
        trap 'stop_asked=true; say "stops at the next safe point"' INT TERM
        begin_journal undo
        undo_steps
        say "undone: what this script did is taken back"
        return 0
    fi
    if [[ $finished_before == true && $again == false ]]; then
        say "$runbook: done in an earlier start, nothing was changed now ($(state_reached)); --again begins anew"
        return 0
    fi
    if [[ $finished_before == true ]]; then
        mv "$journal" "$journal.$(date -u +%Y%m%dT%H%M%S.%NZ)"
        for id in "${step_ids[@]}"; do
            if is_changed "$id"; then step_kept[$id]=true; fi
        done
        step_state=() line_state=() step_changed=() step_approved=()
    fi
    verdict=yes culprit=''
    runbook_requires
    if [[ $verdict == yes ]]; then ask_in_advance; fi
    trap 'stop_asked=true; say "stops at the next safe point"' INT TERM
    begin_journal
    if [[ $finished_before == true ]]; then  # what a start before --again changed is still there to be undone
        for id in "${step_ids[@]}"; do
            if [[ ${step_kept[$id]:-false} == true ]]; then record kept "$id" "changed by an earlier start"; fi
        done
    fi
    for id in ${approved_now[@]+"${approved_now[@]}"}; do record approved "$id" "by $(id -un)"; done
    if [[ -n $from_step ]]; then past_from=false; fi
    current_id='' current_place='' on_failure=abort
    verdict=yes culprit=''
    runbook_requires
    if [[ $verdict == no ]]; then stop 1 "a requirement of the runbook is $culprit" "nothing was changed; remove the cause, then: $(this_command)"; fi
    if [[ $verdict == unknown ]]; then stop 3 "$culprit" "nothing was changed; bring the system back, then: $(this_command)"; fi
    for id in "${step_ids[@]}"; do
        if [[ $id == "$from_step" ]]; then past_from=true; fi
        if [[ $past_from == false ]]; then
            case ${step_state[$id]:-new} in done | found | not-needed | skipped) continue ;; esac
            check_earlier "$id"
            continue
        fi
        if [[ $stop_asked == true && $safe_to_stop == true ]]; then
            stop 130 "stopped by request" "$(this_command)"
        fi
        safe_to_stop=true
        do_step "$id"
        if [[ $id == "$until_step" ]]; then
            say "stopped after $id, as asked; go on: $0"
            return 0
        fi
    done
    record finished "$runbook"
    say "success: $(state_reached)"
}

#@ asking

