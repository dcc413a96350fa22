# --- The steps ---
step_ids=(
    check-group
    check-empty
    init-third
    start-third
    same-schema
    joined
    snapshot
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        init-third | start-third) return 0 ;;
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

step_check_group() {
    case $1 in
        about)
            number=1 title="The two are whole" ;;
        requires)
            holds dr_active "$p_first" "$p_second"
            holds dr_active "$p_second" "$p_first"
            holds dr_synced "$p_first" "$p_second"
            holds dr_synced "$p_second" "$p_first"
            holds command_log_synchronous "$p_first"
            holds command_log_synchronous "$p_second" ;;
    esac
}

step_check_empty() {
    case $1 in
        about)
            number=2 title="${p_third} has no replicated rows of another life" ;;
        when)
            holds database_up "$p_third"
            holds not dr_active "$p_third" "$p_first" ;;
        requires)
            holds dr_tables_empty "$p_third" ;;
    esac
}

# Expect: An undo leaves the root folder; it holds nothing until the host has run.
step_init_third() {
    case $1 in
        about)
            number=3 title="Make the root folder of ${p_third}"
            has_done_when=true ;;
        done-when)
            holds root_made "$p_third_dir" ;;
        commands)
            run 60 voltdb init "--config=${p_third_config}" "--dir=${p_third_dir}" "--schema=${p_schema}" ;;
        verify)
            becomes 30 0.5 root_made "$p_third_dir" ;;
    esac
}

step_start_third() {
    case $1 in
        about)
            number=4 title="Start ${p_third}"
            has_done_when=true repeatable=true ;;
        done-when)
            holds host_runs "$p_third_dir" ;;
        commands)
            run 43200 voltdb start "--dir=${p_third_dir}" --background ;;
        verify)
            becomes 43200 1 database_up "$p_third" ;;
        undo)
            undo_line 43200 voltadmin shutdown "--host=${p_third}" ;;
    esac
}

step_same_schema() {
    case $1 in
        about)
            number=5 title="It has the tables of the two" ;;
        verify)
            becomes 600 1 same_dr_schema "$p_third" "$p_first"
            becomes 600 1 same_dr_schema "$p_third" "$p_second" ;;
    esac
}

step_joined() {
    case $1 in
        about)
            number=6 title="All three replicate with each other" ;;
        verify)
            becomes 600 1 dr_active "$p_third" "$p_first"
            becomes 600 1 dr_active "$p_first" "$p_third"
            becomes 600 1 dr_active "$p_third" "$p_second"
            becomes 600 1 dr_active "$p_second" "$p_third" ;;
    esac
}

step_snapshot() {
    case $1 in
        about)
            number=7 title="Snapshots have arrived everywhere" ;;
        verify)
            becomes 43200 1 dr_synced "$p_first" "$p_third"
            becomes 43200 1 dr_synced "$p_second" "$p_third"
            becomes 43200 1 dr_synced "$p_third" "$p_first"
            becomes 43200 1 dr_synced "$p_third" "$p_second" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash a7f193a73c4bf4c3054d9b51dd6e9511
#: set first=tokyo
#: set schema=schema.sql
#: set second=oslo
#: set third=lima
#: set third-config=voltdb/lima/deployment.xml
#: set third-dir=voltdb/lima/lima1
#| # One more cluster joins two that replicate with each other.
#| runbook: xdcr-third-cluster
#| title: "{{third}} joins {{first}} and {{second}}"
#| why: >-
#|   One cluster joins at a time, and empty: so the two must be whole first. The new one names one of them, and they find
#|   the rest by themselves; it is joined only when all three say so. With three, a command log is no choice any more: a
#|   cluster that crashed between two peers would differ from one of them without a word.
#| system: voltdb
#| docs: VoltDB, Using VoltDB, Using cross datacenter replication
#| parameters:
#|   first: {type: cluster, title: A cluster of the group, example: tokyo}
#|   second: {type: cluster, title: The other one, example: oslo}
#|   third: {type: cluster, title: The one that joins, example: lima}
#|   schema: {type: text, title: The file of DDL that it begins with, example: schema.sql}
#|   third-dir: {type: text, default: "voltdb/{{third}}/{{third}}1", title: The folder of the root of its host}
#|   third-config: {type: text, default: "voltdb/{{third}}/deployment.xml", title: Its deployment file}
#|
#| steps:
#|   - id: check-group
#|     title: The two are whole
#|     requires:
#|       - dr-active {{first}} {{second}}
#|       - dr-active {{second}} {{first}}
#|       - dr-synced {{first}} {{second}}
#|       - dr-synced {{second}} {{first}}
#|       - command-log-synchronous {{first}}
#|       - command-log-synchronous {{second}}
#|
#|   - id: check-empty
#|     title: "{{third}} has no replicated rows of another life"
#|     when:
#|       - database-up {{third}}
#|       - not dr-active {{third}} {{first}}
#|     requires: dr-tables-empty {{third}}
#|
#|   - id: init-third
#|     title: Make the root folder of {{third}}
#|     target: "{{third}}"
#|     done-when: root-made {{third-dir}}
#|     do: voltdb init --config={{third-config}} --dir={{third-dir}} --schema={{schema}}
#|     verify: root-made {{third-dir}}
#|     undo: none
#|     expect: An undo leaves the root folder; it holds nothing until the host has run.
#|
#|   - id: start-third
#|     title: Start {{third}}
#|     target: "{{third}}"
#|     done-when: host-runs {{third-dir}}
#|     do: voltdb start --dir={{third-dir}} --background
#|     repeatable: true
#|     timeout: 12h
#|     verify: {becomes: "database-up {{third}}", within: 12h, interval: 1s}
#|     undo: voltadmin shutdown --host={{third}}
#|
#|   - id: same-schema
#|     title: It has the tables of the two
#|     verify:
#|       - {becomes: "same-dr-schema {{third}} {{first}}", within: 10m, interval: 1s}
#|       - {becomes: "same-dr-schema {{third}} {{second}}", within: 10m, interval: 1s}
#|
#|   - id: joined
#|     title: All three replicate with each other
#|     verify:
#|       - {becomes: "dr-active {{third}} {{first}}", within: 10m, interval: 1s}
#|       - {becomes: "dr-active {{first}} {{third}}", within: 10m, interval: 1s}
#|       - {becomes: "dr-active {{third}} {{second}}", within: 10m, interval: 1s}
#|       - {becomes: "dr-active {{second}} {{third}}", within: 10m, interval: 1s}
#|
#|   - id: snapshot
#|     title: Snapshots have arrived everywhere
#|     verify:
#|       - {becomes: "dr-synced {{first}} {{third}}", within: 12h, interval: 1s}
#|       - {becomes: "dr-synced {{second}} {{third}}", within: 12h, interval: 1s}
#|       - {becomes: "dr-synced {{third}} {{first}}", within: 12h, interval: 1s}
#|       - {becomes: "dr-synced {{third}} {{second}}", within: 12h, interval: 1s}
#: end
