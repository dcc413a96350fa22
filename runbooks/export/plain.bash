#@ cluster-of
cluster_of() { printf '%s' "${1%%[:/]*}"; }
#@ class-of
class_of() {  # of a failed command's code and text
    case $1:$2 in
        124:* | 137:*) echo timeout ;;
        *) echo command ;;
    esac
}
#@ in-time
in_time() { timeout "$@"; }  # SECONDS COMMAND...
#@ undo-failed
    if ((code != 0)); then
#@ plan-line
# An undo's line in the plan.
plan_line() {
    shift  # the time limit
    say "    \$ $*"
}
#@ asking
# --- Asking the system ---
#@ equal
equal() { [[ $1 == "$2" ]]; }
#@ is-true
is_true() { [[ $1 == true ]]; }
