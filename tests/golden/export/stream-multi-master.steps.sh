# --- The steps ---
step_ids=(
    check-source-permissions
    check-replica-permissions
    check-gateways
    create-replica
    check-metadata
    register-replica
    list-replicas
    authorize-source
    list-upstreams
    load-replica
    resume-replication
    catch-up
    check-reverse-permissions
    register-reverse
    list-reverse-replicas
    authorize-reverse
    both-directions
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        create-replica | register-replica | list-replicas | authorize-source | list-upstreams | load-replica | resume-replication | register-reverse | list-reverse-replicas | authorize-reverse) return 0 ;;
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
    holds topics_apart "$p_source" "$p_replica"
}

# replica add is refused without them, after half of the work.
step_check_source_permissions() {
    case $1 in
        about)
            number=1 title="You may replicate and copy the source"
            docs="maprcli stream info, fields adminperm and copyperm" ;;
        requires)
            holds has_permission "$p_source" adminperm
            holds has_permission "$p_source" copyperm ;;
    esac
}

step_check_replica_permissions() {
    case $1 in
        about)
            number=2 title="You may load and replicate into the replica that already exists" ;;
        when)
            holds dataset_exists "$p_replica" ;;
        requires)
            holds has_permission "$p_replica" adminperm
            holds has_permission "$p_replica" copyperm ;;
    esac
}

step_check_gateways() {
    case $1 in
        about)
            number=3 title="Each cluster reaches a gateway of the other"
            docs="Configuring and Managing MapR Gateways" ;;
        requires)
            holds gateways_reachable "$(cluster_of "$p_source")" "$(cluster_of "$p_replica")"
            holds gateways_reachable "$(cluster_of "$p_replica")" "$(cluster_of "$p_source")" ;;
    esac
}

# Time to live, partitions and permissions must be equal, and nothing copies them later.
step_create_replica() {
    case $1 in
        about)
            number=4 title="Create the replica with the source's metadata"
            has_done_when=true ;;
        done-when)
            holds dataset_exists "$p_replica" ;;
        commands)
            run 60 maprcli stream create -path "$p_replica" -copymetafrom "$p_source" ;;
        verify)
            becomes 30 0.5 dataset_exists "$p_replica" ;;
        undo)
            undo_line 60 maprcli stream delete -path "$p_replica" ;;
    esac
}

step_check_metadata() {
    case $1 in
        about)
            number=5 title="Both streams have equal metadata" ;;
        verify)
            becomes 30 0.5 same_metadata "$p_source" "$p_replica" ;;
    esac
}

# From here on the source keeps its changes for the replica. Paused, it does not send them before the copy is
# done.
step_register_replica() {
    case $1 in
        about)
            number=6 title="Register the replica, paused"
            has_done_when=true ;;
        done-when)
            holds replica_listed "$p_source" "$p_replica" ;;
        commands)
            run 60 maprcli stream replica add -path "$p_source" -replica "$p_replica" -paused true ;;
        verify)
            becomes 30 0.5 replica_listed "$p_source" "$p_replica"
            becomes 30 0.5 replica_paused "$p_source" "$p_replica" ;;
        undo)
            undo_line 60 maprcli stream replica remove -path "$p_source" -replica "$p_replica" ;;
    esac
}

step_list_replicas() {
    case $1 in
        about)
            number=7 title="The right replica is registered"
            repeatable=true ;;
        commands)
            run 60 maprcli stream replica list -path "$p_source" -refreshnow true ;;
        verify)
            becomes 30 0.5 replica_listed "$p_source" "$p_replica" ;;
    esac
}

# Replication depends on a two-way agreement. Without this record nothing flows, and no error says so.
step_authorize_source() {
    case $1 in
        about)
            number=8 title="Let the replica accept the source"
            has_done_when=true ;;
        done-when)
            holds upstream_listed "$p_replica" "$p_source" ;;
        commands)
            run 60 maprcli stream upstream add -path "$p_replica" -upstream "$p_source" ;;
        verify)
            becomes 30 0.5 upstream_listed "$p_replica" "$p_source" ;;
        undo)
            undo_line 60 maprcli stream upstream remove -path "$p_replica" -upstream "$p_source" ;;
    esac
}

step_list_upstreams() {
    case $1 in
        about)
            number=9 title="The right upstream is registered"
            repeatable=true ;;
        commands)
            run 60 maprcli stream upstream list -path "$p_replica" ;;
        verify)
            becomes 30 0.5 upstream_and_replica "$p_source" "$p_replica" ;;
    esac
}

# Expect: The longest step. Messages keep their offsets, so that running it twice changes nothing.
step_load_replica() {
    case $1 in
        about)
            number=10 title="Load the replica with the source's data"
            repeatable=true ;;
        when)
            holds is_true "$p_copy" ;;
        commands)
            run 43200 mapr copystream -src "$p_source" -dst "$p_replica" -mapreduce false ;;
        verify)
            becomes 30 0.5 readable "$p_replica" ;;
    esac
}

step_resume_replication() {
    case $1 in
        about)
            number=11 title="Start replication"
            has_done_when=true ;;
        done-when)
            holds link_healthy "$p_source" "$p_replica" ;;
        commands)
            retry 3 2 'transient unreachable'
            run 60 maprcli stream replica resume -path "$p_source" -replica "$p_replica" ;;
        verify)
            becomes 120 0.5 link_healthy "$p_source" "$p_replica" ;;
        undo)
            undo_line 60 maprcli stream replica pause -path "$p_source" -replica "$p_replica" ;;
    esac
}

# Expect: The lag grows during the copy and falls to nothing here.
step_catch_up() {
    case $1 in
        about)
            number=12 title="The replica catches up" ;;
        verify)
            becomes 43200 1 caught_up "$p_source" "$p_replica" ;;
    esac
}

step_check_reverse_permissions() {
    case $1 in
        about)
            number=13 title="You may replicate in the other direction" ;;
        requires)
            holds has_permission "$p_replica" adminperm
            holds has_permission "$p_replica" copyperm
            holds has_permission "$p_source" adminperm ;;
    esac
}

# Not paused and without a copy, because the messages are equal already.
step_register_reverse() {
    case $1 in
        about)
            number=14 title="Register the source as a replica of the replica"
            has_done_when=true ;;
        done-when)
            holds replica_listed "$p_replica" "$p_source" ;;
        commands)
            run 60 maprcli stream replica add -path "$p_replica" -replica "$p_source" ;;
        verify)
            becomes 30 0.5 replica_listed "$p_replica" "$p_source" ;;
        undo)
            undo_line 60 maprcli stream replica remove -path "$p_replica" -replica "$p_source" ;;
    esac
}

step_list_reverse_replicas() {
    case $1 in
        about)
            number=15 title="The right replica is registered in the other direction"
            repeatable=true ;;
        commands)
            run 60 maprcli stream replica list -path "$p_replica" -refreshnow true ;;
        verify)
            becomes 30 0.5 replica_listed "$p_replica" "$p_source" ;;
    esac
}

step_authorize_reverse() {
    case $1 in
        about)
            number=16 title="Let the source accept the replica"
            has_done_when=true ;;
        done-when)
            holds upstream_listed "$p_source" "$p_replica" ;;
        commands)
            run 60 maprcli stream upstream add -path "$p_source" -upstream "$p_replica" ;;
        verify)
            becomes 30 0.5 upstream_listed "$p_source" "$p_replica" ;;
        undo)
            undo_line 60 maprcli stream upstream remove -path "$p_source" -upstream "$p_replica" ;;
    esac
}

step_both_directions() {
    case $1 in
        about)
            number=17 title="Both directions replicate and have caught up" ;;
        verify)
            becomes 120 0.5 link_healthy "$p_source" "$p_replica"
            becomes 120 0.5 link_healthy "$p_replica" "$p_source"
            becomes 3600 1 caught_up "$p_source" "$p_replica"
            becomes 3600 1 caught_up "$p_replica" "$p_source" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash b443f7184eed0a55b5aff6a74897c205
#: set copy=true
#: set replica=/mapr/newyork/activity
#: set source=/mapr/sanfrancisco/activity
#| # Two streams that replicate to each other, set up command by command.
#| runbook: stream-multi-master
#| title: Set up multi-master replication of the streams {{source}} and {{replica}}
#| why: >-
#|   Each stream becomes a replica of the other. Producers of the two use topics of different names: each site gives the
#|   offsets of its own topics, and of one topic produced at both the offsets would collide. No producer publishes at the
#|   replica before the end.
#| system: maprdb
#| docs: Setting Up Multi-Master Replication of MapR Streams Streams
#| parameters:
#|   source: {type: dataset, title: The stream that holds the messages, example: /mapr/sanfrancisco/activity}
#|   replica: {type: path, title: The stream to create and keep in step, example: /mapr/newyork/activity}
#|   copy: {type: bool, default: "true", title: Load the replica with what the source holds}
#| requires:
#|   - dataset-exists {{source}}
#|   - topics-apart {{source}} {{replica}}
#|
#| steps:
#|   - id: check-source-permissions
#|     title: You may replicate and copy the source
#|     why: replica add is refused without them, after half of the work.
#|     target: "{{source}}"
#|     requires:
#|       - has-permission {{source}} adminperm
#|       - has-permission {{source}} copyperm
#|     docs: maprcli stream info, fields adminperm and copyperm
#|
#|   - id: check-replica-permissions
#|     title: You may load and replicate into the replica that already exists
#|     target: "{{replica}}"
#|     when: dataset-exists {{replica}}
#|     requires:
#|       - has-permission {{replica}} adminperm
#|       - has-permission {{replica}} copyperm
#|
#|   - id: check-gateways
#|     title: Each cluster reaches a gateway of the other
#|     requires:
#|       - gateways-reachable {{source | cluster}} {{replica | cluster}}
#|       - gateways-reachable {{replica | cluster}} {{source | cluster}}
#|     docs: Configuring and Managing MapR Gateways
#|
#|   - id: create-replica
#|     title: Create the replica with the source's metadata
#|     why: Time to live, partitions and permissions must be equal, and nothing copies them later.
#|     target: "{{replica}}"
#|     done-when: dataset-exists {{replica}}
#|     do: maprcli stream create -path {{replica}} -copymetafrom {{source}}
#|     verify: dataset-exists {{replica}}
#|     undo: maprcli stream delete -path {{replica}}
#|
#|   - id: check-metadata
#|     title: Both streams have equal metadata
#|     verify: same-metadata {{source}} {{replica}}
#|
#|   - id: register-replica
#|     title: Register the replica, paused
#|     why: From here on the source keeps its changes for the replica. Paused, it does not send them before the copy is done.
#|     target: "{{source}}"
#|     done-when: replica-listed {{source}} {{replica}}
#|     do: maprcli stream replica add -path {{source}} -replica {{replica}} -paused true
#|     verify:
#|       - replica-listed {{source}} {{replica}}
#|       - replica-paused {{source}} {{replica}}
#|     undo: maprcli stream replica remove -path {{source}} -replica {{replica}}
#|
#|   - id: list-replicas
#|     title: The right replica is registered
#|     do: maprcli stream replica list -path {{source}} -refreshnow true
#|     verify: replica-listed {{source}} {{replica}}
#|     undo: none
#|     repeatable: true
#|
#|   - id: authorize-source
#|     title: Let the replica accept the source
#|     why: Replication depends on a two-way agreement. Without this record nothing flows, and no error says so.
#|     target: "{{replica}}"
#|     done-when: upstream-listed {{replica}} {{source}}
#|     do: maprcli stream upstream add -path {{replica}} -upstream {{source}}
#|     verify: upstream-listed {{replica}} {{source}}
#|     undo: maprcli stream upstream remove -path {{replica}} -upstream {{source}}
#|
#|   - id: list-upstreams
#|     title: The right upstream is registered
#|     do: maprcli stream upstream list -path {{replica}}
#|     verify: upstream-and-replica {{source}} {{replica}}
#|     undo: none
#|     repeatable: true
#|
#|   - id: load-replica
#|     title: Load the replica with the source's data
#|     when: "{{copy}}"
#|     target: "{{replica}}"
#|     do: mapr copystream -src {{source}} -dst {{replica}} -mapreduce false
#|     repeatable: true
#|     timeout: 12h
#|     verify:
#|       - readable {{replica}}
#|     undo: none
#|     expect: The longest step. Messages keep their offsets, so that running it twice changes nothing.
#|
#|   - id: resume-replication
#|     title: Start replication
#|     target: "{{source}}"
#|     done-when: link-healthy {{source}} {{replica}}
#|     do: maprcli stream replica resume -path {{source}} -replica {{replica}}
#|     retry: {attempts: 3, on: [transient, unreachable], delay: 2s}
#|     verify: {becomes: "link-healthy {{source}} {{replica}}", within: 2m, interval: 500ms}
#|     undo: maprcli stream replica pause -path {{source}} -replica {{replica}}
#|
#|   - id: catch-up
#|     title: The replica catches up
#|     verify: {becomes: "caught-up {{source}} {{replica}}", within: 12h, interval: 1s}
#|     expect: The lag grows during the copy and falls to nothing here.
#|
#|   - id: check-reverse-permissions
#|     title: You may replicate in the other direction
#|     requires:
#|       - has-permission {{replica}} adminperm
#|       - has-permission {{replica}} copyperm
#|       - has-permission {{source}} adminperm
#|
#|   - id: register-reverse
#|     title: Register the source as a replica of the replica
#|     why: Not paused and without a copy, because the messages are equal already.
#|     target: "{{replica}}"
#|     done-when: replica-listed {{replica}} {{source}}
#|     do: maprcli stream replica add -path {{replica}} -replica {{source}}
#|     verify: replica-listed {{replica}} {{source}}
#|     undo: maprcli stream replica remove -path {{replica}} -replica {{source}}
#|
#|   - id: list-reverse-replicas
#|     title: The right replica is registered in the other direction
#|     do: maprcli stream replica list -path {{replica}} -refreshnow true
#|     verify: replica-listed {{replica}} {{source}}
#|     undo: none
#|     repeatable: true
#|
#|   - id: authorize-reverse
#|     title: Let the source accept the replica
#|     target: "{{source}}"
#|     done-when: upstream-listed {{source}} {{replica}}
#|     do: maprcli stream upstream add -path {{source}} -upstream {{replica}}
#|     verify: upstream-listed {{source}} {{replica}}
#|     undo: maprcli stream upstream remove -path {{source}} -upstream {{replica}}
#|
#|   - id: both-directions
#|     title: Both directions replicate and have caught up
#|     verify:
#|       - {becomes: "link-healthy {{source}} {{replica}}", within: 2m}
#|       - {becomes: "link-healthy {{replica}} {{source}}", within: 2m}
#|       - {becomes: "caught-up {{source}} {{replica}}", within: 1h, interval: 1s}
#|       - {becomes: "caught-up {{replica}} {{source}}", within: 1h, interval: 1s}
#: end
