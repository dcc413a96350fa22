# --- The steps ---
step_ids=(
    check-pair
    pause
    drained
    promote
    redirect
    shutdown
    new-role
    init-again
    start-again
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        pause | promote | shutdown | init-again | start-again) return 0 ;;
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

step_check_pair() {
    case $1 in
        about)
            number=1 title="${p_replica} follows ${p_master}" ;;
        requires)
            holds dr_active "$p_replica" "$p_master"
            holds dr_role "$p_master" master
            holds dr_synced "$p_master" "$p_replica" ;;
    esac
}

step_pause() {
    case $1 in
        about)
            number=2 title="${p_master} takes no writes"
            has_done_when=true repeatable=true ;;
        done-when)
            holds paused "$p_master" ;;
        commands)
            run 7200 voltadmin pause "--host=${p_master}" --wait --timeout=3600 ;;
        verify)
            becomes 30 0.5 paused "$p_master" ;;
        undo)
            undo_line 7200 voltadmin resume "--host=${p_master}" ;;
    esac
}

step_drained() {
    case $1 in
        about)
            number=3 title="${p_replica} has all that was written" ;;
        verify)
            becomes 43200 1 dr_drained "$p_master" "$p_replica" ;;
    esac
}

step_promote() {
    case $1 in
        about)
            number=4 title="${p_replica} takes writes"
            has_done_when=true repeatable=true irreversible="a promoted database is no replica again until it is made from scratch"
            approval="Promote ${p_replica}? It has all of ${p_master}"
            type_the_name="${p_replica}" ;;
        done-when)
            holds dr_role "$p_replica" master ;;
        commands)
            run 60 voltadmin promote "--host=${p_replica}" ;;
        verify)
            becomes 30 0.5 dr_role "$p_replica" master ;;
    esac
}

step_redirect() {
    case $1 in
        about)
            number=5 title="Clients write at ${p_replica}"
            kind=human instruction="Let the clients connect to ${p_replica}." ;;
    esac
}

step_shutdown() {
    case $1 in
        about)
            number=6 title="Shut ${p_master} down"
            has_done_when=true repeatable=true irreversible="${p_master} must not take writes again beside ${p_replica}" ;;
        done-when)
            holds database_down "$p_master" ;;
        commands)
            run 600 voltadmin shutdown "--host=${p_master}" ;;
        verify)
            becomes 120 0.5 database_down "$p_master" ;;
    esac
}

step_new_role() {
    case $1 in
        about)
            number=7 title="The deployment file of ${p_master} names it a replica"
            kind=human instruction="In ${p_master_config}: role=\"replica\", and a connection to ${p_replica}. (Drawn: tributary export --to config)" ;;
        when)
            holds is_true "$p_reuse" ;;
    esac
}

step_init_again() {
    case $1 in
        about)
            number=8 title="Make ${p_master} anew, empty"
            repeatable=true irreversible="the data in ${p_master_dir} is gone"
            approval="Delete the data of ${p_master} in ${p_master_dir}?"
            type_the_name="${p_master}" ;;
        when)
            holds is_true "$p_reuse" ;;
        commands)
            run 60 voltdb init "--config=${p_master_config}" "--dir=${p_master_dir}" "--schema=${p_schema}" --force ;;
        verify)
            becomes 30 0.5 root_made "$p_master_dir" ;;
    esac
}

step_start_again() {
    case $1 in
        about)
            number=9 title="Start it as a replica"
            has_done_when=true repeatable=true ;;
        when)
            holds is_true "$p_reuse" ;;
        done-when)
            holds host_runs "$p_master_dir" ;;
        commands)
            run 43200 voltdb start "--dir=${p_master_dir}" --background ;;
        verify)
            becomes 600 1 dr_active "$p_master" "$p_replica"
            becomes 43200 1 dr_synced "$p_replica" "$p_master" ;;
        undo)
            undo_line 43200 voltadmin shutdown "--host=${p_master}" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash 4efdfa703679003c6be6c93a5f0cbbe2
#: set master=east
#: set master-config=voltdb/east/deployment.xml
#: set master-dir=voltdb/east/east1
#: set replica=west
#: set reuse=false
#: set schema=schema.sql
#| # The replica takes the master's place, and nothing is lost.
#| runbook: planned-switchover
#| title: Move clients from {{master}} to {{replica}}
#| why: >-
#|   A pause stops writes, and its wait ends when the replica has acknowledged every one of them. Only then the replica is
#|   promoted. The old master is shut down before anybody can write there again: both would be masters.
#| system: voltdb
#| docs: VoltDB, Using VoltDB, Stopping replication
#| parameters:
#|   master: {type: cluster, title: The master, example: east}
#|   replica: {type: cluster, title: The replica, example: west}
#|   reuse: {type: bool, default: "false", title: "The old master becomes a replica of the new one, from scratch"}
#|   schema: {type: text, default: schema.sql, title: The file of DDL that it begins with then}
#|   master-dir: {type: text, default: "voltdb/{{master}}/{{master}}1", title: The folder of the root of its host}
#|   master-config: {type: text, default: "voltdb/{{master}}/deployment.xml", title: Its deployment file}
#|
#| steps:
#|   - id: check-pair
#|     title: "{{replica}} follows {{master}}"
#|     requires:
#|       - dr-active {{replica}} {{master}}
#|       - dr-role {{master}} master
#|       - dr-synced {{master}} {{replica}}
#|
#|   - id: pause
#|     title: "{{master}} takes no writes"
#|     target: "{{master}}"
#|     done-when: paused {{master}}
#|     do: voltadmin pause --host={{master}} --wait --timeout=3600
#|     repeatable: true
#|     timeout: 2h
#|     verify: paused {{master}}
#|     undo: voltadmin resume --host={{master}}
#|
#|   - id: drained
#|     title: "{{replica}} has all that was written"
#|     verify: {becomes: "dr-drained {{master}} {{replica}}", within: 12h, interval: 1s}
#|
#|   - id: promote
#|     title: "{{replica}} takes writes"
#|     target: "{{replica}}"
#|     done-when: dr-role {{replica}} master
#|     do: voltadmin promote --host={{replica}}
#|     repeatable: true
#|     verify: dr-role {{replica}} master
#|     irreversible: a promoted database is no replica again until it is made from scratch
#|     approval: {text: "Promote {{replica}}? It has all of {{master}}", type-the-name: "{{replica}}"}
#|
#|   - id: redirect
#|     title: Clients write at {{replica}}
#|     human: Let the clients connect to {{replica}}.
#|
#|   - id: shutdown
#|     title: Shut {{master}} down
#|     target: "{{master}}"
#|     done-when: database-down {{master}}
#|     do: voltadmin shutdown --host={{master}}
#|     repeatable: true
#|     timeout: 10m
#|     verify: {becomes: "database-down {{master}}", within: 2m}
#|     irreversible: "{{master}} must not take writes again beside {{replica}}"
#|
#|   - id: new-role
#|     title: The deployment file of {{master}} names it a replica
#|     when: "{{reuse}}"
#|     human: >-
#|       In {{master-config}}: role="replica", and a connection to {{replica}}. (Drawn: tributary export --to config)
#|
#|   - id: init-again
#|     title: Make {{master}} anew, empty
#|     when: "{{reuse}}"
#|     target: "{{master}}"
#|     do: voltdb init --config={{master-config}} --dir={{master-dir}} --schema={{schema}} --force
#|     repeatable: true
#|     verify: root-made {{master-dir}}
#|     irreversible: the data in {{master-dir}} is gone
#|     approval: {text: "Delete the data of {{master}} in {{master-dir}}?", type-the-name: "{{master}}"}
#|
#|   - id: start-again
#|     title: Start it as a replica
#|     when: "{{reuse}}"
#|     target: "{{master}}"
#|     done-when: host-runs {{master-dir}}
#|     do: voltdb start --dir={{master-dir}} --background
#|     repeatable: true
#|     timeout: 12h
#|     verify:
#|       - {becomes: "dr-active {{master}} {{replica}}", within: 10m, interval: 1s}
#|       - {becomes: "dr-synced {{replica}} {{master}}", within: 12h, interval: 1s}
#|     undo: voltadmin shutdown --host={{master}}
#: end
