# --- The steps ---
step_ids=(
    look
    master-answers
    promote
    redirect
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        look | promote) return 0 ;;
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

# Expect: LAST_APPLIED_TIMESTAMP of a partition is the time up to which its transactions are here.
step_look() {
    case $1 in
        about)
            number=1 title="How far ${p_replica} is, partition by partition"
            repeatable=true ;;
        commands)
            run 60 sqlcmd "--servers=${p_replica}" '--query=exec @Statistics DRCONSUMER 0' ;;
        verify)
            becomes 30 0.5 database_up "$p_replica" ;;
    esac
}

step_master_answers() {
    case $1 in
        about)
            number=2 title="${p_master} still answers"
            kind=human instruction="${p_master} still answers: planned-switchover loses nothing. Promote ${p_replica} all the same?" ;;
        when)
            holds database_up "$p_master" ;;
    esac
}

step_promote() {
    case $1 in
        about)
            number=3 title="${p_replica} takes writes"
            has_done_when=true repeatable=true irreversible="a promoted database is no replica again until it is made from scratch"
            approval="Promote ${p_replica}? What ${p_master} had not sent is lost"
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
            number=4 title="Clients write at ${p_replica}"
            kind=human instruction="Let the clients connect to ${p_replica}. ${p_master} must not come back as a master." ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash 2fd1b534ec462598312f2a74a952678a
#: set master=east
#: set replica=west
#| # The replica takes the place of a master that does not come back.
#| runbook: promote-replica
#| title: Promote {{replica}}
#| why: >-
#|   What the master had queued and the replica had not fetched is lost by it: some transactions of each partition. It
#|   cannot be taken back. A master that still answers is left by planned-switchover, which loses nothing.
#| system: voltdb
#| docs: VoltDB, Using VoltDB, Promoting the replica when the master becomes unavailable
#| parameters:
#|   master: {type: cluster, title: The master, example: east}
#|   replica: {type: cluster, title: The replica, example: west}
#|
#| steps:
#|   - id: look
#|     title: How far {{replica}} is, partition by partition
#|     target: "{{replica}}"
#|     do: sqlcmd --servers={{replica}} --query="exec @Statistics DRCONSUMER 0"
#|     repeatable: true
#|     verify: database-up {{replica}}
#|     undo: none
#|     expect: LAST_APPLIED_TIMESTAMP of a partition is the time up to which its transactions are here.
#|
#|   - id: master-answers
#|     title: "{{master}} still answers"
#|     when: database-up {{master}}
#|     ask: >-
#|       {{master}} still answers: planned-switchover loses nothing. Promote {{replica}} all the same?
#|
#|   - id: promote
#|     title: "{{replica}} takes writes"
#|     target: "{{replica}}"
#|     done-when: dr-role {{replica}} master
#|     do: voltadmin promote --host={{replica}}
#|     repeatable: true
#|     verify: dr-role {{replica}} master
#|     irreversible: a promoted database is no replica again until it is made from scratch
#|     approval: {text: "Promote {{replica}}? What {{master}} had not sent is lost", type-the-name: "{{replica}}"}
#|
#|   - id: redirect
#|     title: Clients write at {{replica}}
#|     human: Let the clients connect to {{replica}}. {{master}} must not come back as a master.
#: end
