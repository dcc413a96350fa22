# --- The steps ---
step_ids=(
    check-replica
    stop-accepting
    look-at-cursors
    redirect-clients
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        stop-accepting | look-at-cursors) return 0 ;;
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
    holds dataset_exists "$p_replica"
}

# Only the records at the replica are asked, since the other cluster may not answer.
step_check_replica() {
    case $1 in
        about)
            number=1 title="The replica can be used" ;;
        requires)
            holds readable "$p_replica"
            holds writable "$p_replica"
            holds has_permission "$p_replica" adminperm ;;
    esac
}

# What the old source had not sent is not lost there; it stays in the old stream, to be looked at when it is
# back.
step_stop_accepting() {
    case $1 in
        about)
            number=2 title="The replica accepts nothing from the old source any more"
            has_done_when=true ;;
        done-when)
            holds upstream_absent "$p_replica" "$p_source" ;;
        commands)
            run 60 maprcli stream upstream remove -path "$p_replica" -upstream "$p_source" ;;
        verify)
            becomes 30 0.5 upstream_absent "$p_replica" "$p_source" ;;
        undo)
            undo_line 60 maprcli stream upstream add -path "$p_replica" -upstream "$p_source" ;;
    esac
}

# Expect: A group without a row has not committed; it begins at the beginning, or where its clients say.
step_look_at_cursors() {
    case $1 in
        about)
            number=3 title="The committed cursors of the consumer groups are there"
            repeatable=true ;;
        commands)
            run 60 maprcli stream cursor list -path "$p_replica" ;;
        verify)
            becomes 30 0.5 readable "$p_replica" ;;
    esac
}

# Expect: The first message that is produced here gets the offset behind the last that arrived.
step_redirect_clients() {
    case $1 in
        about)
            number=4 title="Direct producers and consumers to ${p_replica}"
            kind=human instruction="Direct every producer and every consumer group of ${p_source} to ${p_replica}." ;;
        verify)
            becomes 30 0.5 writable "$p_replica" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash 68311a314cd2c1efaadc70f28fe7ff2b
#: set replica=/mapr/newyork/activity
#: set source=/mapr/sanfrancisco/activity
#| # The source of a stream is gone: producers and consumer groups go on at the replica.
#| runbook: stream-failover
#| title: Let producers and consumers of {{source}} go on at {{replica}}
#| why: >-
#|   Offsets and committed cursors are the same at the replica: a consumer group goes on after what it has committed, and
#|   no message is read twice or left out that had arrived. The replica stops accepting the old source first: were it to
#|   come back and go on, both would give the same offsets to different messages.
#| system: maprdb
#| docs: Setting Up Master-Slave Replication of MapR Streams Streams; stream cursor list
#| parameters:
#|   source: {type: path, title: The stream that is gone, example: /mapr/sanfrancisco/activity}
#|   replica: {type: dataset, title: The replica that takes its place, example: /mapr/newyork/activity}
#| requires:
#|   - dataset-exists {{replica}}
#|
#| steps:
#|   - id: check-replica
#|     title: The replica can be used
#|     why: Only the records at the replica are asked, since the other cluster may not answer.
#|     requires:
#|       - readable {{replica}}
#|       - writable {{replica}}
#|       - has-permission {{replica}} adminperm
#|
#|   - id: stop-accepting
#|     title: The replica accepts nothing from the old source any more
#|     why: What the old source had not sent is not lost there; it stays in the old stream, to be looked at when it is back.
#|     target: "{{replica}}"
#|     done-when: upstream-absent {{replica}} {{source}}
#|     do: maprcli stream upstream remove -path {{replica}} -upstream {{source}}
#|     verify: upstream-absent {{replica}} {{source}}
#|     undo: maprcli stream upstream add -path {{replica}} -upstream {{source}}
#|
#|   - id: look-at-cursors
#|     title: The committed cursors of the consumer groups are there
#|     do: maprcli stream cursor list -path {{replica}}
#|     verify: readable {{replica}}
#|     undo: none
#|     repeatable: true
#|     expect: A group without a row has not committed; it begins at the beginning, or where its clients say.
#|
#|   - id: redirect-clients
#|     title: Direct producers and consumers to {{replica}}
#|     target: "{{replica}}"
#|     human: Direct every producer and every consumer group of {{source}} to {{replica}}.
#|     verify: writable {{replica}}
#|     expect: The first message that is produced here gets the offset behind the last that arrived.
#: end
