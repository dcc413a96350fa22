# --- The steps ---
step_ids=(
    init-master
    start-master
    check-empty
    init-replica
    start-replica
    same-schema
    active
    snapshot
    compare
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        init-master | start-master | init-replica | start-replica) return 0 ;;
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
step_init_master() {
    case $1 in
        about)
            number=1 title="Make the root folder of ${p_master}"
            has_done_when=true ;;
        done-when)
            holds root_made "$p_master_dir" ;;
        commands)
            run 60 voltdb init "--config=${p_master_config}" "--dir=${p_master_dir}" "--schema=${p_schema}" ;;
        verify)
            becomes 30 0.5 root_made "$p_master_dir" ;;
    esac
}

step_start_master() {
    case $1 in
        about)
            number=2 title="Start ${p_master}"
            has_done_when=true repeatable=true ;;
        done-when)
            holds host_runs "$p_master_dir" ;;
        commands)
            run 43200 voltdb start "--dir=${p_master_dir}" --background ;;
        verify)
            becomes 43200 1 database_up "$p_master" ;;
        undo)
            undo_line 43200 voltadmin shutdown "--host=${p_master}" ;;
    esac
}

step_check_empty() {
    case $1 in
        about)
            number=3 title="${p_replica} has no replicated rows of another life"
            docs="Rows there: restart-dr-from-scratch makes it anew" ;;
        when)
            holds database_up "$p_replica"
            holds not dr_active "$p_replica" "$p_master" ;;
        requires)
            holds dr_role "$p_replica" replica
            holds dr_tables_empty "$p_replica" ;;
    esac
}

# Expect: An undo leaves the root folder; it holds nothing until the host has run.
step_init_replica() {
    case $1 in
        about)
            number=4 title="Make the root folder of ${p_replica}"
            has_done_when=true ;;
        done-when)
            holds root_made "$p_replica_dir" ;;
        commands)
            run 60 voltdb init "--config=${p_replica_config}" "--dir=${p_replica_dir}" "--schema=${p_schema}" ;;
        verify)
            becomes 30 0.5 root_made "$p_replica_dir" ;;
    esac
}

step_start_replica() {
    case $1 in
        about)
            number=5 title="Start ${p_replica}"
            has_done_when=true repeatable=true ;;
        done-when)
            holds host_runs "$p_replica_dir" ;;
        commands)
            run 43200 voltdb start "--dir=${p_replica_dir}" --background ;;
        verify)
            becomes 43200 1 database_up "$p_replica" ;;
        undo)
            undo_line 43200 voltadmin shutdown "--host=${p_replica}" ;;
    esac
}

# DDL is not replicated; a table that differs stops its streams.
step_same_schema() {
    case $1 in
        about)
            number=6 title="Both have the same replicated tables" ;;
        verify)
            becomes 600 1 same_dr_schema "$p_master" "$p_replica" ;;
    esac
}

step_active() {
    case $1 in
        about)
            number=7 title="Both say that they replicate" ;;
        verify)
            becomes 600 1 dr_active "$p_replica" "$p_master"
            becomes 600 1 dr_active "$p_master" "$p_replica" ;;
    esac
}

step_snapshot() {
    case $1 in
        about)
            number=8 title="${p_replica} has the snapshot, and follows by logs" ;;
        verify)
            becomes 43200 1 dr_synced "$p_master" "$p_replica"
            becomes 30 0.5 dr_covered "$p_replica" "$p_master" ;;
    esac
}

step_compare() {
    case $1 in
        about)
            number=9 title="Both hold equal rows" ;;
        when)
            holds is_true "$p_compare" ;;
        verify)
            becomes 600 2 same_data "$p_master" "$p_replica" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash e2471becf4969317d067376172202f84
#: set compare=true
#: set master=east
#: set master-config=voltdb/east/deployment.xml
#: set master-dir=voltdb/east/east1
#: set replica=west
#: set replica-config=voltdb/west/deployment.xml
#: set replica-dir=voltdb/west/west1
#: set schema=schema.sql
#| # A master and its read-only replica.
#| runbook: passive-dr-setup
#| title: Replicate {{master}} to {{replica}}
#| why: >-
#|   Nothing starts replication: it begins by itself once both run and agree about the tables that DR TABLE names. Only
#|   the master may have rows in them before; so the replica is made empty, and it is waited for until it has the
#|   snapshot.
#| system: voltdb
#| docs: VoltDB, Using VoltDB, Using passive database replication
#| parameters:
#|   master: {type: cluster, title: The cluster that sends, example: east}
#|   replica: {type: cluster, title: The cluster that fetches, example: west}
#|   schema: {type: text, title: The file of DDL that both begin with, example: schema.sql}
#|   master-dir: {type: text, default: "voltdb/{{master}}/{{master}}1", title: The folder of the root of its host}
#|   master-config: {type: text, default: "voltdb/{{master}}/deployment.xml", title: Its deployment file}
#|   replica-dir: {type: text, default: "voltdb/{{replica}}/{{replica}}1", title: The folder of the root of its host}
#|   replica-config: {type: text, default: "voltdb/{{replica}}/deployment.xml", title: Its deployment file}
#|   compare: {type: bool, default: "true", title: Compare every row at the end}
#|
#| steps:
#|   - id: init-master
#|     title: Make the root folder of {{master}}
#|     target: "{{master}}"
#|     done-when: root-made {{master-dir}}
#|     do: voltdb init --config={{master-config}} --dir={{master-dir}} --schema={{schema}}
#|     verify: root-made {{master-dir}}
#|     undo: none
#|     expect: An undo leaves the root folder; it holds nothing until the host has run.
#|
#|   - id: start-master
#|     title: Start {{master}}
#|     target: "{{master}}"
#|     done-when: host-runs {{master-dir}}
#|     do: voltdb start --dir={{master-dir}} --background
#|     repeatable: true
#|     timeout: 12h
#|     verify: {becomes: "database-up {{master}}", within: 12h, interval: 1s}
#|     undo: voltadmin shutdown --host={{master}}
#|
#|   - id: check-empty
#|     title: "{{replica}} has no replicated rows of another life"
#|     when:
#|       - database-up {{replica}}
#|       - not dr-active {{replica}} {{master}}
#|     requires:
#|       - dr-role {{replica}} replica
#|       - dr-tables-empty {{replica}}
#|     docs: "Rows there: restart-dr-from-scratch makes it anew"
#|
#|   - id: init-replica
#|     title: Make the root folder of {{replica}}
#|     target: "{{replica}}"
#|     done-when: root-made {{replica-dir}}
#|     do: voltdb init --config={{replica-config}} --dir={{replica-dir}} --schema={{schema}}
#|     verify: root-made {{replica-dir}}
#|     undo: none
#|     expect: An undo leaves the root folder; it holds nothing until the host has run.
#|
#|   - id: start-replica
#|     title: Start {{replica}}
#|     target: "{{replica}}"
#|     done-when: host-runs {{replica-dir}}
#|     do: voltdb start --dir={{replica-dir}} --background
#|     repeatable: true
#|     timeout: 12h
#|     verify: {becomes: "database-up {{replica}}", within: 12h, interval: 1s}
#|     undo: voltadmin shutdown --host={{replica}}
#|
#|   - id: same-schema
#|     title: Both have the same replicated tables
#|     why: DDL is not replicated; a table that differs stops its streams.
#|     verify: {becomes: "same-dr-schema {{master}} {{replica}}", within: 10m, interval: 1s}
#|
#|   - id: active
#|     title: Both say that they replicate
#|     verify:
#|       - {becomes: "dr-active {{replica}} {{master}}", within: 10m, interval: 1s}
#|       - {becomes: "dr-active {{master}} {{replica}}", within: 10m, interval: 1s}
#|
#|   - id: snapshot
#|     title: "{{replica}} has the snapshot, and follows by logs"
#|     verify:
#|       - {becomes: "dr-synced {{master}} {{replica}}", within: 12h, interval: 1s}
#|       - dr-covered {{replica}} {{master}}
#|
#|   - id: compare
#|     title: Both hold equal rows
#|     when: "{{compare}}"
#|     verify: {becomes: "same-data {{master}} {{replica}}", within: 10m, interval: 2s}
#: end
