# --- The steps ---
step_ids=(
    check-source-permissions
    check-gateways
    autosetup
    wait-for-copy
    list-upstreams
    catch-up
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        autosetup | list-upstreams) return 0 ;;
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
    holds dataset_exists "$p_source"
}

step_check_source_permissions() {
    case $1 in
        about)
            number=1 title="You may replicate the source" ;;
        requires)
            holds has_permission "$p_source" adminperm
            holds has_permission "$p_source" copyperm ;;
    esac
}

# All of it goes through gateways, the making of the replica included.
step_check_gateways() {
    case $1 in
        about)
            number=2 title="The source's cluster reaches a gateway of the replica's"
            docs="Configuring and Managing MapR Gateways" ;;
        requires)
            holds gateways_reachable "$(cluster_of "$p_source")" "$(cluster_of "$p_replica")" ;;
    esac
}

# It answers at once and does the rest by itself. A stream that lies at the replica's path already is refused.
step_autosetup() {
    case $1 in
        about)
            number=3 title="Ask the source's cluster to set up the replica"
            has_done_when=true ;;
        done-when)
            holds replica_listed "$p_source" "$p_replica" ;;
        commands)
            run 60 maprcli stream replica autosetup -path "$p_source" -replica "$p_replica" ;;
        verify)
            becomes 30 0.5 replica_listed "$p_source" "$p_replica" ;;
        undo)
            undo_line 60 maprcli stream replica remove -path "$p_source" -replica "$p_replica" ;;
    esac
}

# Expect: The longest step. maprcli stream replica list shows replicaState and copyTableCompletionPercentage.
# While a gateway or the replica's cluster is away, the state is COPY_IN_RECOVER with the reason in errors, and
# an alarm is raised.
step_wait_for_copy() {
    case $1 in
        about)
            number=4 title="The replica is filled" ;;
        verify)
            becomes 43200 2 link_healthy "$p_source" "$p_replica" ;;
    esac
}

step_list_upstreams() {
    case $1 in
        about)
            number=5 title="Both halves of the agreement are there"
            repeatable=true ;;
        commands)
            run 60 maprcli stream upstream list -path "$p_replica" ;;
        verify)
            becomes 30 0.5 upstream_and_replica "$p_source" "$p_replica" ;;
    esac
}

step_catch_up() {
    case $1 in
        about)
            number=6 title="The replica catches up with what was written during the copy" ;;
        verify)
            becomes 43200 1 caught_up "$p_source" "$p_replica" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash 191a8b89b576cc82185c8f599697b8ba
#: set replica=/mapr/newyork/activity
#: set source=/mapr/sanfrancisco/activity
#| # A replica that the source's cluster makes, fills and starts by itself.
#| runbook: stream-autosetup
#| title: Let {{source | cluster}} set up the replica {{replica}} of {{source}}
#| why: >-
#|   One command makes the replica with the source's metadata, records both halves of the agreement, and copies what is
#|   there (topics, messages with their offsets, and the committed cursors of consumer groups). The source's cluster
#|   does it through gateways, throttled, tries again after failures, and goes on where it was after a crash; clients
#|   work on meanwhile.
#| system: maprdb
#| docs: Replica Autosetup, with Directcopy
#| parameters:
#|   source: {type: dataset, title: The stream that clients write to, example: /mapr/sanfrancisco/activity}
#|   replica: {type: path, title: The stream to make and keep in step, example: /mapr/newyork/activity}
#| requires:
#|   - dataset-exists {{source}}
#|
#| steps:
#|   - id: check-source-permissions
#|     title: You may replicate the source
#|     target: "{{source}}"
#|     requires:
#|       - has-permission {{source}} adminperm
#|       - has-permission {{source}} copyperm
#|
#|   - id: check-gateways
#|     title: The source's cluster reaches a gateway of the replica's
#|     why: All of it goes through gateways, the making of the replica included.
#|     requires: gateways-reachable {{source | cluster}} {{replica | cluster}}
#|     docs: Configuring and Managing MapR Gateways
#|
#|   - id: autosetup
#|     title: Ask the source's cluster to set up the replica
#|     why: It answers at once and does the rest by itself. A stream that lies at the replica's path already is refused.
#|     target: "{{replica}}"
#|     done-when: replica-listed {{source}} {{replica}}
#|     do: maprcli stream replica autosetup -path {{source}} -replica {{replica}}
#|     verify: replica-listed {{source}} {{replica}}
#|     undo: maprcli stream replica remove -path {{source}} -replica {{replica}}
#|
#|   - id: wait-for-copy
#|     title: The replica is filled
#|     verify: {becomes: "link-healthy {{source}} {{replica}}", within: 12h, interval: 2s}
#|     expect: >-
#|       The longest step. maprcli stream replica list shows replicaState and copyTableCompletionPercentage. While a
#|       gateway or the replica's cluster is away, the state is COPY_IN_RECOVER with the reason in errors, and an
#|       alarm is raised.
#|
#|   - id: list-upstreams
#|     title: Both halves of the agreement are there
#|     do: maprcli stream upstream list -path {{replica}}
#|     verify: upstream-and-replica {{source}} {{replica}}
#|     undo: none
#|     repeatable: true
#|
#|   - id: catch-up
#|     title: The replica catches up with what was written during the copy
#|     verify: {becomes: "caught-up {{source}} {{replica}}", within: 12h, interval: 1s}
#: end
