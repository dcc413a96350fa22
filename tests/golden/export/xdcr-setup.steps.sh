# --- The steps ---
step_ids=(
    init-first
    start-first
    check-role
    check-empty
    init-second
    start-second
    same-schema
    active
    snapshot
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        init-first | start-first | init-second | start-second) return 0 ;;
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

# Expect: An undo leaves the root folder; it holds nothing until the host has run.
step_init_first() {
    case $1 in
        about)
            number=1 title="Make the root folder of ${p_first}"
            has_done_when=true ;;
        done-when)
            holds root_made "$p_first_dir" ;;
        commands)
            run 60 voltdb init "--config=${p_first_config}" "--dir=${p_first_dir}" "--schema=${p_schema}" ;;
        verify)
            becomes 30 0.5 root_made "$p_first_dir" ;;
    esac
}

step_start_first() {
    case $1 in
        about)
            number=2 title="Start ${p_first}"
            has_done_when=true repeatable=true ;;
        done-when)
            holds host_runs "$p_first_dir" ;;
        commands)
            run 43200 voltdb start "--dir=${p_first_dir}" --background ;;
        verify)
            becomes 43200 1 database_up "$p_first" ;;
        undo)
            undo_line 43200 voltadmin shutdown "--host=${p_first}" ;;
    esac
}

step_check_role() {
    case $1 in
        about)
            number=3 title="${p_first} has the role xdcr, and a command log that loses nothing" ;;
        requires)
            holds dr_role "$p_first" xdcr
            holds command_log_synchronous "$p_first" ;;
    esac
}

step_check_empty() {
    case $1 in
        about)
            number=4 title="${p_second} has no replicated rows of another life" ;;
        when)
            holds database_up "$p_second"
            holds not dr_active "$p_second" "$p_first" ;;
        requires)
            holds dr_tables_empty "$p_second" ;;
    esac
}

# Expect: An undo leaves the root folder; it holds nothing until the host has run.
step_init_second() {
    case $1 in
        about)
            number=5 title="Make the root folder of ${p_second}"
            has_done_when=true ;;
        done-when)
            holds root_made "$p_second_dir" ;;
        commands)
            run 60 voltdb init "--config=${p_second_config}" "--dir=${p_second_dir}" "--schema=${p_schema}" ;;
        verify)
            becomes 30 0.5 root_made "$p_second_dir" ;;
    esac
}

step_start_second() {
    case $1 in
        about)
            number=6 title="Start ${p_second}"
            has_done_when=true repeatable=true ;;
        done-when)
            holds host_runs "$p_second_dir" ;;
        commands)
            run 43200 voltdb start "--dir=${p_second_dir}" --background ;;
        verify)
            becomes 43200 1 database_up "$p_second" ;;
        undo)
            undo_line 43200 voltadmin shutdown "--host=${p_second}" ;;
    esac
}

step_same_schema() {
    case $1 in
        about)
            number=7 title="Both have the same replicated tables" ;;
        verify)
            becomes 600 1 same_dr_schema "$p_first" "$p_second" ;;
    esac
}

step_active() {
    case $1 in
        about)
            number=8 title="Both say that they replicate" ;;
        verify)
            becomes 600 1 dr_active "$p_first" "$p_second"
            becomes 600 1 dr_active "$p_second" "$p_first" ;;
    esac
}

step_snapshot() {
    case $1 in
        about)
            number=9 title="Snapshots have arrived on both sides" ;;
        verify)
            becomes 43200 1 dr_synced "$p_first" "$p_second"
            becomes 43200 1 dr_synced "$p_second" "$p_first" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash c527a1efe946f9f8e1beb345d8714a65
#: set first=tokyo
#: set first-config=voltdb/tokyo/deployment.xml
#: set first-dir=voltdb/tokyo/tokyo1
#: set schema=schema.sql
#: set second=oslo
#: set second-config=voltdb/oslo/deployment.xml
#: set second-dir=voltdb/oslo/oslo1
#| # Two clusters that take writes and send them to each other.
#| runbook: xdcr-setup
#| title: "{{first}} and {{second}} replicate with each other"
#| why: >-
#|   The role xdcr is given before the first start, at both. Only the one that is started first may have rows; the other
#|   begins empty and gets a snapshot. Clusters join one at a time.
#| system: voltdb
#| docs: VoltDB, Using VoltDB, Using cross datacenter replication
#| parameters:
#|   first: {type: cluster, title: The cluster that may have data, example: tokyo}
#|   second: {type: cluster, title: The other one, example: oslo}
#|   schema: {type: text, title: The file of DDL that both begin with, example: schema.sql}
#|   first-dir: {type: text, default: "voltdb/{{first}}/{{first}}1", title: The folder of the root of its host}
#|   first-config: {type: text, default: "voltdb/{{first}}/deployment.xml", title: Its deployment file}
#|   second-dir: {type: text, default: "voltdb/{{second}}/{{second}}1", title: The folder of the root of its host}
#|   second-config: {type: text, default: "voltdb/{{second}}/deployment.xml", title: Its deployment file}
#|
#| steps:
#|   - id: init-first
#|     title: Make the root folder of {{first}}
#|     target: "{{first}}"
#|     done-when: root-made {{first-dir}}
#|     do: voltdb init --config={{first-config}} --dir={{first-dir}} --schema={{schema}}
#|     verify: root-made {{first-dir}}
#|     undo: none
#|     expect: An undo leaves the root folder; it holds nothing until the host has run.
#|
#|   - id: start-first
#|     title: Start {{first}}
#|     target: "{{first}}"
#|     done-when: host-runs {{first-dir}}
#|     do: voltdb start --dir={{first-dir}} --background
#|     repeatable: true
#|     timeout: 12h
#|     verify: {becomes: "database-up {{first}}", within: 12h, interval: 1s}
#|     undo: voltadmin shutdown --host={{first}}
#|
#|   - id: check-role
#|     title: "{{first}} has the role xdcr, and a command log that loses nothing"
#|     requires:
#|       - dr-role {{first}} xdcr
#|       - command-log-synchronous {{first}}
#|
#|   - id: check-empty
#|     title: "{{second}} has no replicated rows of another life"
#|     when:
#|       - database-up {{second}}
#|       - not dr-active {{second}} {{first}}
#|     requires: dr-tables-empty {{second}}
#|
#|   - id: init-second
#|     title: Make the root folder of {{second}}
#|     target: "{{second}}"
#|     done-when: root-made {{second-dir}}
#|     do: voltdb init --config={{second-config}} --dir={{second-dir}} --schema={{schema}}
#|     verify: root-made {{second-dir}}
#|     undo: none
#|     expect: An undo leaves the root folder; it holds nothing until the host has run.
#|
#|   - id: start-second
#|     title: Start {{second}}
#|     target: "{{second}}"
#|     done-when: host-runs {{second-dir}}
#|     do: voltdb start --dir={{second-dir}} --background
#|     repeatable: true
#|     timeout: 12h
#|     verify: {becomes: "database-up {{second}}", within: 12h, interval: 1s}
#|     undo: voltadmin shutdown --host={{second}}
#|
#|   - id: same-schema
#|     title: Both have the same replicated tables
#|     verify: {becomes: "same-dr-schema {{first}} {{second}}", within: 10m, interval: 1s}
#|
#|   - id: active
#|     title: Both say that they replicate
#|     verify:
#|       - {becomes: "dr-active {{first}} {{second}}", within: 10m, interval: 1s}
#|       - {becomes: "dr-active {{second}} {{first}}", within: 10m, interval: 1s}
#|
#|   - id: snapshot
#|     title: Snapshots have arrived on both sides
#|     verify:
#|       - {becomes: "dr-synced {{first}} {{second}}", within: 12h, interval: 1s}
#|       - {becomes: "dr-synced {{second}} {{first}}", within: 12h, interval: 1s}
#: end
