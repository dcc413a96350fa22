# --- The steps ---
step_ids=(
    figures
    still-away
    start-master
    resumed
    promote
    redirect
    stop-loser
    forget-loser
    init-loser
    start-loser
    gate-snapshot
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        figures | start-master | promote | stop-loser | forget-loser | init-loser | start-loser) return 0 ;;
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

# Expect: LAST_RECEIVED_TIMESTAMP and LAST_APPLIED_TIMESTAMP of a partition: what was written at east after that
# is not here.
step_figures() {
    case $1 in
        about)
            number=1 title="How far ${p_replica} is, partition by partition"
            repeatable=true line_count=2 ;;
        commands)
            run 60 sqlcmd "--servers=${p_replica}" '--query=exec @Statistics DRROLE 0' &&
            run 60 sqlcmd "--servers=${p_replica}" '--query=exec @Statistics DRCONSUMER 0' ;;
        verify)
            becomes 30 0.5 database_up "$p_replica" ;;
    esac
}

step_still_away() {
    case $1 in
        about)
            number=2 title="${p_master} does not answer"
            docs="A master that answers is left by planned-switchover" ;;
        when)
            holds equal "$p_decision" promote ;;
        requires)
            holds database_down "$p_master" ;;
    esac
}

step_start_master() {
    case $1 in
        about)
            number=3 title="Start ${p_master}, which recovers from its command log"
            has_done_when=true repeatable=true ;;
        when)
            holds not equal "$p_decision" promote ;;
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

# What was queued is sent now. STOPPED instead means that they cannot agree; then the decision is restart.
step_resumed() {
    case $1 in
        about)
            number=4 title="Both go on where they were" ;;
        when)
            holds equal "$p_decision" await ;;
        verify)
            becomes 600 1 dr_active "$p_replica" "$p_master"
            becomes 43200 1 dr_drained "$p_master" "$p_replica" ;;
    esac
}

step_promote() {
    case $1 in
        about)
            number=5 title="${p_replica} takes writes"
            has_done_when=true repeatable=true irreversible="a promoted database is no replica again until it is made from scratch"
            approval="Promote ${p_replica}? What ${p_master} had not sent is lost"
            type_the_name="${p_replica}" ;;
        when)
            holds equal "$p_decision" promote ;;
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
            number=6 title="Clients write at ${p_replica}"
            kind=human instruction="Let the clients connect to ${p_replica}. ${p_master} must not come back as a master: restart-dr-from-scratch makes it a replica." ;;
        when)
            holds equal "$p_decision" promote ;;
    esac
}

step_stop_loser() {
    case $1 in
        about)
            number=7 title="Shut ${p_replica} down"
            has_done_when=true repeatable=true ;;
        when)
            holds equal "$p_decision" restart ;;
        done-when)
            holds host_stopped "$p_replica_dir" ;;
        commands)
            run 600 voltadmin shutdown "--host=${p_replica}" --force ;;
        verify)
            becomes 120 0.5 host_stopped "$p_replica_dir" ;;
        undo)
            undo_line 600 voltdb start "--dir=${p_replica_dir}" --background ;;
    esac
}

step_forget_loser() {
    case $1 in
        about)
            number=8 title="${p_master} forgets ${p_replica}"
            has_done_when=true repeatable=true irreversible="the logs that ${p_master} kept for ${p_replica} are gone"
            approval="Delete the logs that ${p_master} keeps for ${p_replica}?" ;;
        when)
            holds equal "$p_decision" restart ;;
        done-when)
            holds dr_forgotten "$p_master" "$p_replica_id" ;;
        commands)
            run 60 voltadmin dr reset "--host=${p_master}" "--cluster=${p_replica_id}" --force ;;
        verify)
            becomes 30 0.5 dr_forgotten "$p_master" "$p_replica_id" ;;
    esac
}

step_init_loser() {
    case $1 in
        about)
            number=9 title="Make ${p_replica} anew, empty"
            repeatable=true irreversible="the data in ${p_replica_dir} is gone"
            approval="Delete the data of ${p_replica} in ${p_replica_dir}?"
            type_the_name="${p_replica}" ;;
        when)
            holds equal "$p_decision" restart ;;
        commands)
            run 60 voltdb init "--config=${p_replica_config}" "--dir=${p_replica_dir}" "--schema=${p_schema}" --force ;;
        verify)
            becomes 30 0.5 root_made "$p_replica_dir" ;;
    esac
}

step_start_loser() {
    case $1 in
        about)
            number=10 title="Start ${p_replica}, which gets a snapshot"
            has_done_when=true repeatable=true ;;
        when)
            holds equal "$p_decision" restart ;;
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

step_gate_snapshot() {
    case $1 in
        about)
            number=11 title="${p_replica} has the snapshot, and both replicate" ;;
        when)
            holds equal "$p_decision" restart ;;
        verify)
            becomes 600 1 same_dr_schema "$p_master" "$p_replica"
            becomes 600 1 dr_active "$p_replica" "$p_master"
            becomes 43200 1 dr_synced "$p_master" "$p_replica" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash da67eb6b296e6afcc11111415b6df469
#: set decision=await
#: set master=east
#: set master-config=voltdb/east/deployment.xml
#: set master-dir=voltdb/east/east1
#: set replica=west
#: set replica-config=voltdb/west/deployment.xml
#: set replica-dir=voltdb/west/west1
#: set replica-id=2
#: set schema=schema.sql
#| # The master does not answer: wait for it, promote the replica, or begin again.
#| runbook: disaster-decision
#| title: "Decide about {{master}}: {{decision}}"
#| why: >-
#|   Waiting loses nothing if the master's command log is whole, and costs the time it takes. Promoting costs the
#|   transactions that the replica had not fetched, for ever. Beginning again keeps the master's data and sends all of it
#|   once more: needed when it came back and they cannot agree where they were. The figures of each partition stand in
#|   the first step; run it alone, then decide.
#| system: voltdb
#| docs: VoltDB, Using VoltDB, Disaster recovery
#| parameters:
#|   master: {type: cluster, title: The master that does not answer, example: east}
#|   replica: {type: cluster, title: Its replica, example: west}
#|   replica-id: {type: integer, title: The id of the replica, example: "2"}
#|   decision: {type: enum, values: [await, promote, restart], title: "What is done about it", example: await}
#|   schema: {type: text, default: schema.sql, title: "The file of DDL of the replica, for restart"}
#|   master-dir: {type: text, default: "voltdb/{{master}}/{{master}}1", title: The folder of the root of its host}
#|   master-config: {type: text, default: "voltdb/{{master}}/deployment.xml", title: Its deployment file}
#|   replica-dir: {type: text, default: "voltdb/{{replica}}/{{replica}}1", title: The folder of the root of its host}
#|   replica-config: {type: text, default: "voltdb/{{replica}}/deployment.xml", title: Its deployment file}
#|
#| steps:
#|   - id: figures
#|     title: How far {{replica}} is, partition by partition
#|     target: "{{replica}}"
#|     do:
#|       - sqlcmd --servers={{replica}} --query="exec @Statistics DRROLE 0"
#|       - sqlcmd --servers={{replica}} --query="exec @Statistics DRCONSUMER 0"
#|     repeatable: true
#|     verify: database-up {{replica}}
#|     undo: none
#|     expect: >-
#|       LAST_RECEIVED_TIMESTAMP and LAST_APPLIED_TIMESTAMP of a partition: what was written at {{master}} after that is not
#|       here.
#|
#|   - id: still-away
#|     title: "{{master}} does not answer"
#|     when: "{{decision}} == promote"
#|     requires: database-down {{master}}
#|     docs: "A master that answers is left by planned-switchover"
#|
#|   - id: start-master
#|     title: Start {{master}}, which recovers from its command log
#|     when: "{{decision}} != promote"
#|     target: "{{master}}"
#|     done-when: host-runs {{master-dir}}
#|     do: voltdb start --dir={{master-dir}} --background
#|     repeatable: true
#|     timeout: 12h
#|     verify: {becomes: "database-up {{master}}", within: 12h, interval: 1s}
#|     undo: voltadmin shutdown --host={{master}}
#|
#|   - id: resumed
#|     title: Both go on where they were
#|     why: What was queued is sent now. STOPPED instead means that they cannot agree; then the decision is restart.
#|     when: "{{decision}} == await"
#|     verify:
#|       - {becomes: "dr-active {{replica}} {{master}}", within: 10m, interval: 1s}
#|       - {becomes: "dr-drained {{master}} {{replica}}", within: 12h, interval: 1s}
#|
#|   - id: promote
#|     title: "{{replica}} takes writes"
#|     target: "{{replica}}"
#|     when: "{{decision}} == promote"
#|     done-when: dr-role {{replica}} master
#|     do: voltadmin promote --host={{replica}}
#|     repeatable: true
#|     verify: dr-role {{replica}} master
#|     irreversible: a promoted database is no replica again until it is made from scratch
#|     approval: {text: "Promote {{replica}}? What {{master}} had not sent is lost", type-the-name: "{{replica}}"}
#|
#|   - id: redirect
#|     title: Clients write at {{replica}}
#|     when: "{{decision}} == promote"
#|     human: >-
#|       Let the clients connect to {{replica}}. {{master}} must not come back as a master: restart-dr-from-scratch makes it
#|       a replica.
#|
#|   - id: stop-loser
#|     title: Shut {{replica}} down
#|     when: "{{decision}} == restart"
#|     target: "{{replica}}"
#|     done-when: host-stopped {{replica-dir}}
#|     do: voltadmin shutdown --host={{replica}} --force
#|     repeatable: true
#|     timeout: 10m
#|     verify: {becomes: "host-stopped {{replica-dir}}", within: 2m}
#|     undo: voltdb start --dir={{replica-dir}} --background
#|
#|   - id: forget-loser
#|     title: "{{master}} forgets {{replica}}"
#|     when: "{{decision}} == restart"
#|     target: "{{master}}"
#|     done-when: dr-forgotten {{master}} {{replica-id}}
#|     do: voltadmin dr reset --host={{master}} --cluster={{replica-id}} --force
#|     repeatable: true
#|     verify: dr-forgotten {{master}} {{replica-id}}
#|     irreversible: "the logs that {{master}} kept for {{replica}} are gone"
#|     approval: "Delete the logs that {{master}} keeps for {{replica}}?"
#|
#|   - id: init-loser
#|     title: Make {{replica}} anew, empty
#|     when: "{{decision}} == restart"
#|     target: "{{replica}}"
#|     do: voltdb init --config={{replica-config}} --dir={{replica-dir}} --schema={{schema}} --force
#|     repeatable: true
#|     verify: root-made {{replica-dir}}
#|     irreversible: the data in {{replica-dir}} is gone
#|     approval: {text: "Delete the data of {{replica}} in {{replica-dir}}?", type-the-name: "{{replica}}"}
#|
#|   - id: start-loser
#|     title: Start {{replica}}, which gets a snapshot
#|     when: "{{decision}} == restart"
#|     target: "{{replica}}"
#|     done-when: host-runs {{replica-dir}}
#|     do: voltdb start --dir={{replica-dir}} --background
#|     repeatable: true
#|     timeout: 12h
#|     verify: {becomes: "database-up {{replica}}", within: 12h, interval: 1s}
#|     undo: voltadmin shutdown --host={{replica}}
#|
#|   - id: gate-snapshot
#|     title: "{{replica}} has the snapshot, and both replicate"
#|     when: "{{decision}} == restart"
#|     verify:
#|       - {becomes: "same-dr-schema {{master}} {{replica}}", within: 10m, interval: 1s}
#|       - {becomes: "dr-active {{replica}} {{master}}", within: 10m, interval: 1s}
#|       - {becomes: "dr-synced {{master}} {{replica}}", within: 12h, interval: 1s}
#: end
