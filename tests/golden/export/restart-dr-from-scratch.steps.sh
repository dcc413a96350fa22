# --- The steps ---
step_ids=(
    check-winner
    stop-loser
    forget-loser
    init-loser
    start-loser
    gate-snapshot
    compare
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        stop-loser | forget-loser | init-loser | start-loser) return 0 ;;
        *) return 1 ;;
    esac
}

has_line_check() {
    case $1 in
        *) return 1 ;;
    esac
}

runbook_requires() {
    :
}

step_check_winner() {
    case $1 in
        about)
            number=1 title="${p_winner} runs" ;;
        requires)
            holds database_up "$p_winner" ;;
    esac
}

step_stop_loser() {
    case $1 in
        about)
            number=2 title="Shut ${p_loser} down"
            has_done_when=true repeatable=true ;;
        done-when)
            holds host_stopped "$p_loser_dir" ;;
        commands)
            run 600 voltadmin shutdown "--host=${p_loser}" --force ;;
        verify)
            becomes 120 0.5 host_stopped "$p_loser_dir" ;;
        undo)
            undo_line 600 voltdb start "--dir=${p_loser_dir}" --background ;;
    esac
}

step_forget_loser() {
    case $1 in
        about)
            number=3 title="${p_winner} forgets ${p_loser}"
            has_done_when=true repeatable=true irreversible="the logs that ${p_winner} kept for ${p_loser} are gone"
            approval="Delete the logs that ${p_winner} keeps for ${p_loser}?" ;;
        done-when)
            holds dr_forgotten "$p_winner" "$p_loser_id" ;;
        commands)
            run 60 voltadmin dr reset "--host=${p_winner}" "--cluster=${p_loser_id}" --force ;;
        verify)
            becomes 30 0.5 dr_forgotten "$p_winner" "$p_loser_id" ;;
    esac
}

step_init_loser() {
    case $1 in
        about)
            number=4 title="Make ${p_loser} anew, empty"
            repeatable=true irreversible="the data in ${p_loser_dir} is gone"
            approval="Delete the data of ${p_loser} in ${p_loser_dir}?"
            type_the_name="${p_loser}" ;;
        commands)
            run 60 voltdb init "--config=${p_loser_config}" "--dir=${p_loser_dir}" "--schema=${p_schema}" --force ;;
        verify)
            becomes 30 0.5 root_made "$p_loser_dir" ;;
    esac
}

step_start_loser() {
    case $1 in
        about)
            number=5 title="Start ${p_loser}, which gets a snapshot"
            has_done_when=true repeatable=true ;;
        done-when)
            holds host_runs "$p_loser_dir" ;;
        commands)
            run 43200 voltdb start "--dir=${p_loser_dir}" --background ;;
        verify)
            becomes 43200 1 database_up "$p_loser" ;;
        undo)
            undo_line 43200 voltadmin shutdown "--host=${p_loser}" ;;
    esac
}

step_gate_snapshot() {
    case $1 in
        about)
            number=6 title="${p_loser} has the snapshot, and both replicate" ;;
        verify)
            becomes 600 1 same_dr_schema "$p_winner" "$p_loser"
            becomes 600 1 dr_active "$p_loser" "$p_winner"
            becomes 43200 1 dr_synced "$p_winner" "$p_loser" ;;
    esac
}

step_compare() {
    case $1 in
        about)
            number=7 title="Both hold equal rows" ;;
        when)
            holds is_true "$p_compare" ;;
        verify)
            becomes 600 2 same_data "$p_winner" "$p_loser" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash d0a307a4f77a3b2f99d432ac50be5359
#: set compare=true
#: set loser=west
#: set loser-config=voltdb/west/deployment.xml
#: set loser-dir=voltdb/west/west1
#: set loser-id=2
#: set schema=schema.sql
#: set winner=east
#| # One side's data are thrown away, and it gets the other's.
#| runbook: restart-dr-from-scratch
#| title: Restart replication from {{winner}}, with {{loser}} emptied
#| why: >-
#|   Needed when two clusters cannot agree any more about where they were: a command log that lost its end, an aborted
#|   snapshot, tables that went apart. All that only {{loser}} has is lost. The order matters: a loser that still runs
#|   while it is forgotten would connect again with its old data.
#| system: voltdb
#| docs: VoltDB, Using VoltDB, Stopping and restarting database replication
#| parameters:
#|   winner: {type: cluster, title: Whose data stay, example: east}
#|   loser: {type: cluster, title: Whose data are deleted, example: west}
#|   loser-id: {type: integer, title: Its id in its deployment file, example: "2"}
#|   schema: {type: text, title: The file of DDL that it begins with, example: schema.sql}
#|   loser-dir: {type: text, default: "voltdb/{{loser}}/{{loser}}1", title: The folder of the root of its host}
#|   loser-config: {type: text, default: "voltdb/{{loser}}/deployment.xml", title: Its deployment file}
#|   compare: {type: bool, default: "true", title: Compare every row at the end}
#|
#| steps:
#|   - id: check-winner
#|     title: "{{winner}} runs"
#|     requires: database-up {{winner}}
#|
#|   - id: stop-loser
#|     title: Shut {{loser}} down
#|     target: "{{loser}}"
#|     done-when: host-stopped {{loser-dir}}
#|     do: voltadmin shutdown --host={{loser}} --force
#|     repeatable: true
#|     timeout: 10m
#|     verify: {becomes: "host-stopped {{loser-dir}}", within: 2m}
#|     undo: voltdb start --dir={{loser-dir}} --background
#|
#|   - id: forget-loser
#|     title: "{{winner}} forgets {{loser}}"
#|     target: "{{winner}}"
#|     done-when: dr-forgotten {{winner}} {{loser-id}}
#|     do: voltadmin dr reset --host={{winner}} --cluster={{loser-id}} --force
#|     repeatable: true
#|     verify: dr-forgotten {{winner}} {{loser-id}}
#|     irreversible: "the logs that {{winner}} kept for {{loser}} are gone"
#|     approval: "Delete the logs that {{winner}} keeps for {{loser}}?"
#|
#|   - id: init-loser
#|     title: Make {{loser}} anew, empty
#|     target: "{{loser}}"
#|     do: voltdb init --config={{loser-config}} --dir={{loser-dir}} --schema={{schema}} --force
#|     repeatable: true
#|     verify: root-made {{loser-dir}}
#|     irreversible: the data in {{loser-dir}} is gone
#|     approval: {text: "Delete the data of {{loser}} in {{loser-dir}}?", type-the-name: "{{loser}}"}
#|
#|   - id: start-loser
#|     title: Start {{loser}}, which gets a snapshot
#|     target: "{{loser}}"
#|     done-when: host-runs {{loser-dir}}
#|     do: voltdb start --dir={{loser-dir}} --background
#|     repeatable: true
#|     timeout: 12h
#|     verify: {becomes: "database-up {{loser}}", within: 12h, interval: 1s}
#|     undo: voltadmin shutdown --host={{loser}}
#|
#|   - id: gate-snapshot
#|     title: "{{loser}} has the snapshot, and both replicate"
#|     verify:
#|       - {becomes: "same-dr-schema {{winner}} {{loser}}", within: 10m, interval: 1s}
#|       - {becomes: "dr-active {{loser}} {{winner}}", within: 10m, interval: 1s}
#|       - {becomes: "dr-synced {{winner}} {{loser}}", within: 12h, interval: 1s}
#|
#|   - id: compare
#|     title: Both hold equal rows
#|     when: "{{compare}}"
#|     verify: {becomes: "same-data {{winner}} {{loser}}", within: 10m, interval: 2s}
#: end
