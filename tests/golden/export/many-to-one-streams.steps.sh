# --- The steps ---
step_ids=(
    first-check-source-permissions
    first-check-replica-permissions
    first-check-gateways
    first-create-replica
    first-check-metadata
    first-register-replica
    first-list-replicas
    first-authorize-source
    first-list-upstreams
    first-load-replica
    first-resume-replication
    first-catch-up
    second-check-source-permissions
    second-check-replica-permissions
    second-check-gateways
    second-create-replica
    second-check-metadata
    second-register-replica
    second-list-replicas
    second-authorize-source
    second-list-upstreams
    second-load-replica
    second-resume-replication
    second-catch-up
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        first-create-replica | first-register-replica | first-list-replicas | first-authorize-source | first-list-upstreams | first-load-replica | first-resume-replication | second-create-replica | second-register-replica | second-list-replicas | second-authorize-source | second-list-upstreams | second-load-replica | second-resume-replication) return 0 ;;
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
    holds dataset_exists "$p_first"
    holds dataset_exists "$p_second"
    holds topics_apart "$p_first" "$p_first_replica"
    holds topics_apart "$p_second" "$p_second_replica"
}

# replica add is refused without them, after half of the work.
step_first_check_source_permissions() {
    case $1 in
        about)
            number=1 title="You may replicate and copy the source"
            docs="maprcli stream info, fields adminperm and copyperm" ;;
        requires)
            holds has_permission "$p_first" adminperm
            holds has_permission "$p_first" copyperm ;;
    esac
}

step_first_check_replica_permissions() {
    case $1 in
        about)
            number=2 title="You may load and replicate into the replica that already exists" ;;
        when)
            holds dataset_exists "$p_first_replica" ;;
        requires)
            holds has_permission "$p_first_replica" adminperm
            holds has_permission "$p_first_replica" copyperm ;;
    esac
}

step_first_check_gateways() {
    case $1 in
        about)
            number=3 title="The source's cluster reaches a gateway of the replica's"
            docs="Configuring and Managing MapR Gateways" ;;
        requires)
            holds gateways_reachable "$(cluster_of "$p_first")" "$(cluster_of "$p_first_replica")" ;;
    esac
}

# Time to live, partitions and permissions must be equal, and nothing copies them later.
step_first_create_replica() {
    case $1 in
        about)
            number=4 title="Create the replica with the source's metadata"
            has_done_when=true ;;
        done-when)
            holds dataset_exists "$p_first_replica" ;;
        commands)
            run 60 maprcli stream create -path "$p_first_replica" -copymetafrom "$p_first" ;;
        verify)
            becomes 30 0.5 dataset_exists "$p_first_replica" ;;
        undo)
            undo_line 60 maprcli stream delete -path "$p_first_replica" ;;
    esac
}

step_first_check_metadata() {
    case $1 in
        about)
            number=5 title="Both streams have equal metadata" ;;
        verify)
            becomes 30 0.5 same_metadata "$p_first" "$p_first_replica" ;;
    esac
}

# From here on the source keeps its changes for the replica. Paused, it does not send them before the copy is
# done.
step_first_register_replica() {
    case $1 in
        about)
            number=6 title="Register the replica, paused"
            has_done_when=true ;;
        done-when)
            holds replica_listed "$p_first" "$p_first_replica" ;;
        commands)
            run 60 maprcli stream replica add -path "$p_first" -replica "$p_first_replica" -paused true ;;
        verify)
            becomes 30 0.5 replica_listed "$p_first" "$p_first_replica"
            becomes 30 0.5 replica_paused "$p_first" "$p_first_replica" ;;
        undo)
            undo_line 60 maprcli stream replica remove -path "$p_first" -replica "$p_first_replica" ;;
    esac
}

step_first_list_replicas() {
    case $1 in
        about)
            number=7 title="The right replica is registered"
            repeatable=true ;;
        commands)
            run 60 maprcli stream replica list -path "$p_first" -refreshnow true ;;
        verify)
            becomes 30 0.5 replica_listed "$p_first" "$p_first_replica" ;;
    esac
}

# Replication depends on a two-way agreement. Without this record nothing flows, and no error says so.
step_first_authorize_source() {
    case $1 in
        about)
            number=8 title="Let the replica accept the source"
            has_done_when=true ;;
        done-when)
            holds upstream_listed "$p_first_replica" "$p_first" ;;
        commands)
            run 60 maprcli stream upstream add -path "$p_first_replica" -upstream "$p_first" ;;
        verify)
            becomes 30 0.5 upstream_listed "$p_first_replica" "$p_first" ;;
        undo)
            undo_line 60 maprcli stream upstream remove -path "$p_first_replica" -upstream "$p_first" ;;
    esac
}

step_first_list_upstreams() {
    case $1 in
        about)
            number=9 title="The right upstream is registered"
            repeatable=true ;;
        commands)
            run 60 maprcli stream upstream list -path "$p_first_replica" ;;
        verify)
            becomes 30 0.5 upstream_and_replica "$p_first" "$p_first_replica" ;;
    esac
}

# Expect: The longest step. Messages keep their offsets, so that running it twice changes nothing.
step_first_load_replica() {
    case $1 in
        about)
            number=10 title="Load the replica with the source's data"
            repeatable=true ;;
        when)
            holds is_true "$p_copy" ;;
        commands)
            run 43200 mapr copystream -src "$p_first" -dst "$p_first_replica" -mapreduce false ;;
        verify)
            becomes 30 0.5 readable "$p_first_replica" ;;
    esac
}

step_first_resume_replication() {
    case $1 in
        about)
            number=11 title="Start replication"
            has_done_when=true ;;
        done-when)
            holds link_healthy "$p_first" "$p_first_replica" ;;
        commands)
            retry 3 2 'transient unreachable'
            run 60 maprcli stream replica resume -path "$p_first" -replica "$p_first_replica" ;;
        verify)
            becomes 120 0.5 link_healthy "$p_first" "$p_first_replica" ;;
        undo)
            undo_line 60 maprcli stream replica pause -path "$p_first" -replica "$p_first_replica" ;;
    esac
}

# Expect: The lag grows during the copy and falls to nothing here.
step_first_catch_up() {
    case $1 in
        about)
            number=12 title="The replica catches up" ;;
        verify)
            becomes 43200 1 caught_up "$p_first" "$p_first_replica" ;;
    esac
}

# replica add is refused without them, after half of the work.
step_second_check_source_permissions() {
    case $1 in
        about)
            number=13 title="You may replicate and copy the source"
            docs="maprcli stream info, fields adminperm and copyperm" ;;
        requires)
            holds has_permission "$p_second" adminperm
            holds has_permission "$p_second" copyperm ;;
    esac
}

step_second_check_replica_permissions() {
    case $1 in
        about)
            number=14 title="You may load and replicate into the replica that already exists" ;;
        when)
            holds dataset_exists "$p_second_replica" ;;
        requires)
            holds has_permission "$p_second_replica" adminperm
            holds has_permission "$p_second_replica" copyperm ;;
    esac
}

step_second_check_gateways() {
    case $1 in
        about)
            number=15 title="The source's cluster reaches a gateway of the replica's"
            docs="Configuring and Managing MapR Gateways" ;;
        requires)
            holds gateways_reachable "$(cluster_of "$p_second")" "$(cluster_of "$p_second_replica")" ;;
    esac
}

# Time to live, partitions and permissions must be equal, and nothing copies them later.
step_second_create_replica() {
    case $1 in
        about)
            number=16 title="Create the replica with the source's metadata"
            has_done_when=true ;;
        done-when)
            holds dataset_exists "$p_second_replica" ;;
        commands)
            run 60 maprcli stream create -path "$p_second_replica" -copymetafrom "$p_second" ;;
        verify)
            becomes 30 0.5 dataset_exists "$p_second_replica" ;;
        undo)
            undo_line 60 maprcli stream delete -path "$p_second_replica" ;;
    esac
}

step_second_check_metadata() {
    case $1 in
        about)
            number=17 title="Both streams have equal metadata" ;;
        verify)
            becomes 30 0.5 same_metadata "$p_second" "$p_second_replica" ;;
    esac
}

# From here on the source keeps its changes for the replica. Paused, it does not send them before the copy is
# done.
step_second_register_replica() {
    case $1 in
        about)
            number=18 title="Register the replica, paused"
            has_done_when=true ;;
        done-when)
            holds replica_listed "$p_second" "$p_second_replica" ;;
        commands)
            run 60 maprcli stream replica add -path "$p_second" -replica "$p_second_replica" -paused true ;;
        verify)
            becomes 30 0.5 replica_listed "$p_second" "$p_second_replica"
            becomes 30 0.5 replica_paused "$p_second" "$p_second_replica" ;;
        undo)
            undo_line 60 maprcli stream replica remove -path "$p_second" -replica "$p_second_replica" ;;
    esac
}

step_second_list_replicas() {
    case $1 in
        about)
            number=19 title="The right replica is registered"
            repeatable=true ;;
        commands)
            run 60 maprcli stream replica list -path "$p_second" -refreshnow true ;;
        verify)
            becomes 30 0.5 replica_listed "$p_second" "$p_second_replica" ;;
    esac
}

# Replication depends on a two-way agreement. Without this record nothing flows, and no error says so.
step_second_authorize_source() {
    case $1 in
        about)
            number=20 title="Let the replica accept the source"
            has_done_when=true ;;
        done-when)
            holds upstream_listed "$p_second_replica" "$p_second" ;;
        commands)
            run 60 maprcli stream upstream add -path "$p_second_replica" -upstream "$p_second" ;;
        verify)
            becomes 30 0.5 upstream_listed "$p_second_replica" "$p_second" ;;
        undo)
            undo_line 60 maprcli stream upstream remove -path "$p_second_replica" -upstream "$p_second" ;;
    esac
}

step_second_list_upstreams() {
    case $1 in
        about)
            number=21 title="The right upstream is registered"
            repeatable=true ;;
        commands)
            run 60 maprcli stream upstream list -path "$p_second_replica" ;;
        verify)
            becomes 30 0.5 upstream_and_replica "$p_second" "$p_second_replica" ;;
    esac
}

# Expect: The longest step. Messages keep their offsets, so that running it twice changes nothing.
step_second_load_replica() {
    case $1 in
        about)
            number=22 title="Load the replica with the source's data"
            repeatable=true ;;
        when)
            holds is_true "$p_copy" ;;
        commands)
            run 43200 mapr copystream -src "$p_second" -dst "$p_second_replica" -mapreduce false ;;
        verify)
            becomes 30 0.5 readable "$p_second_replica" ;;
    esac
}

step_second_resume_replication() {
    case $1 in
        about)
            number=23 title="Start replication"
            has_done_when=true ;;
        done-when)
            holds link_healthy "$p_second" "$p_second_replica" ;;
        commands)
            retry 3 2 'transient unreachable'
            run 60 maprcli stream replica resume -path "$p_second" -replica "$p_second_replica" ;;
        verify)
            becomes 120 0.5 link_healthy "$p_second" "$p_second_replica" ;;
        undo)
            undo_line 60 maprcli stream replica pause -path "$p_second" -replica "$p_second_replica" ;;
    esac
}

# Expect: The lag grows during the copy and falls to nothing here.
step_second_catch_up() {
    case $1 in
        about)
            number=24 title="The replica catches up" ;;
        verify)
            becomes 43200 1 caught_up "$p_second" "$p_second_replica" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash e4fe768ea98afabb12a3788f59dba4b3
#: set copy=true
#: set first=/mapr/sanfrancisco/activity
#: set first-replica=/mapr/singapore/activity_sf
#: set second=/mapr/newyork/activity
#: set second-replica=/mapr/singapore/activity_ny
#| # Streams of two sites gathered at a third: one stream for each source.
#| runbook: many-to-one-streams
#| title: Gather {{first}} and {{second}} in one cluster, each in a stream of its own
#| why: >-
#|   Both sources may have topics of the same names, and each gives offsets of its own: in one common replica they would
#|   collide. So each source has a replica of its own; consumers subscribe to both.
#| system: maprdb
#| docs: Setting Up Master-Slave Replication of MapR Streams Streams, many-to-one replication
#| parameters:
#|   first: {type: dataset, title: The stream of the first site, example: /mapr/sanfrancisco/activity}
#|   second: {type: dataset, title: The stream of the second site, example: /mapr/newyork/activity}
#|   first-replica: {type: path, title: Where the first site's messages are gathered, example: /mapr/singapore/activity_sf}
#|   second-replica: {type: path, title: Where the second site's messages are gathered, example: /mapr/singapore/activity_ny}
#|   copy: {type: bool, default: "true", title: Load the replicas with what the sources hold}
#| requires:
#|   - dataset-exists {{first}}
#|   - dataset-exists {{second}}
#|   - topics-apart {{first}} {{first-replica}}
#|   - topics-apart {{second}} {{second-replica}}
#|
#| steps:
#|   - id: first-check-source-permissions
#|     title: You may replicate and copy the source
#|     why: replica add is refused without them, after half of the work.
#|     target: "{{first}}"
#|     requires:
#|       - has-permission {{first}} adminperm
#|       - has-permission {{first}} copyperm
#|     docs: maprcli stream info, fields adminperm and copyperm
#|
#|   - id: first-check-replica-permissions
#|     title: You may load and replicate into the replica that already exists
#|     target: "{{first-replica}}"
#|     when: dataset-exists {{first-replica}}
#|     requires:
#|       - has-permission {{first-replica}} adminperm
#|       - has-permission {{first-replica}} copyperm
#|
#|   - id: first-check-gateways
#|     title: The source's cluster reaches a gateway of the replica's
#|     requires: gateways-reachable {{first | cluster}} {{first-replica | cluster}}
#|     docs: Configuring and Managing MapR Gateways
#|
#|   - id: first-create-replica
#|     title: Create the replica with the source's metadata
#|     why: Time to live, partitions and permissions must be equal, and nothing copies them later.
#|     target: "{{first-replica}}"
#|     done-when: dataset-exists {{first-replica}}
#|     do: maprcli stream create -path {{first-replica}} -copymetafrom {{first}}
#|     verify: dataset-exists {{first-replica}}
#|     undo: maprcli stream delete -path {{first-replica}}
#|
#|   - id: first-check-metadata
#|     title: Both streams have equal metadata
#|     verify: same-metadata {{first}} {{first-replica}}
#|
#|   - id: first-register-replica
#|     title: Register the replica, paused
#|     why: From here on the source keeps its changes for the replica. Paused, it does not send them before the copy is done.
#|     target: "{{first}}"
#|     done-when: replica-listed {{first}} {{first-replica}}
#|     do: maprcli stream replica add -path {{first}} -replica {{first-replica}} -paused true
#|     verify:
#|       - replica-listed {{first}} {{first-replica}}
#|       - replica-paused {{first}} {{first-replica}}
#|     undo: maprcli stream replica remove -path {{first}} -replica {{first-replica}}
#|
#|   - id: first-list-replicas
#|     title: The right replica is registered
#|     do: maprcli stream replica list -path {{first}} -refreshnow true
#|     verify: replica-listed {{first}} {{first-replica}}
#|     undo: none
#|     repeatable: true
#|
#|   - id: first-authorize-source
#|     title: Let the replica accept the source
#|     why: Replication depends on a two-way agreement. Without this record nothing flows, and no error says so.
#|     target: "{{first-replica}}"
#|     done-when: upstream-listed {{first-replica}} {{first}}
#|     do: maprcli stream upstream add -path {{first-replica}} -upstream {{first}}
#|     verify: upstream-listed {{first-replica}} {{first}}
#|     undo: maprcli stream upstream remove -path {{first-replica}} -upstream {{first}}
#|
#|   - id: first-list-upstreams
#|     title: The right upstream is registered
#|     do: maprcli stream upstream list -path {{first-replica}}
#|     verify: upstream-and-replica {{first}} {{first-replica}}
#|     undo: none
#|     repeatable: true
#|
#|   - id: first-load-replica
#|     title: Load the replica with the source's data
#|     when: "{{copy}}"
#|     target: "{{first-replica}}"
#|     do: mapr copystream -src {{first}} -dst {{first-replica}} -mapreduce false
#|     repeatable: true
#|     timeout: 12h
#|     verify:
#|       - readable {{first-replica}}
#|     undo: none
#|     expect: The longest step. Messages keep their offsets, so that running it twice changes nothing.
#|
#|   - id: first-resume-replication
#|     title: Start replication
#|     target: "{{first}}"
#|     done-when: link-healthy {{first}} {{first-replica}}
#|     do: maprcli stream replica resume -path {{first}} -replica {{first-replica}}
#|     retry: {attempts: 3, on: [transient, unreachable], delay: 2s}
#|     verify: {becomes: "link-healthy {{first}} {{first-replica}}", within: 2m, interval: 500ms}
#|     undo: maprcli stream replica pause -path {{first}} -replica {{first-replica}}
#|
#|   - id: first-catch-up
#|     title: The replica catches up
#|     verify: {becomes: "caught-up {{first}} {{first-replica}}", within: 12h, interval: 1s}
#|     expect: The lag grows during the copy and falls to nothing here.
#|
#|   - id: second-check-source-permissions
#|     title: You may replicate and copy the source
#|     why: replica add is refused without them, after half of the work.
#|     target: "{{second}}"
#|     requires:
#|       - has-permission {{second}} adminperm
#|       - has-permission {{second}} copyperm
#|     docs: maprcli stream info, fields adminperm and copyperm
#|
#|   - id: second-check-replica-permissions
#|     title: You may load and replicate into the replica that already exists
#|     target: "{{second-replica}}"
#|     when: dataset-exists {{second-replica}}
#|     requires:
#|       - has-permission {{second-replica}} adminperm
#|       - has-permission {{second-replica}} copyperm
#|
#|   - id: second-check-gateways
#|     title: The source's cluster reaches a gateway of the replica's
#|     requires: gateways-reachable {{second | cluster}} {{second-replica | cluster}}
#|     docs: Configuring and Managing MapR Gateways
#|
#|   - id: second-create-replica
#|     title: Create the replica with the source's metadata
#|     why: Time to live, partitions and permissions must be equal, and nothing copies them later.
#|     target: "{{second-replica}}"
#|     done-when: dataset-exists {{second-replica}}
#|     do: maprcli stream create -path {{second-replica}} -copymetafrom {{second}}
#|     verify: dataset-exists {{second-replica}}
#|     undo: maprcli stream delete -path {{second-replica}}
#|
#|   - id: second-check-metadata
#|     title: Both streams have equal metadata
#|     verify: same-metadata {{second}} {{second-replica}}
#|
#|   - id: second-register-replica
#|     title: Register the replica, paused
#|     why: From here on the source keeps its changes for the replica. Paused, it does not send them before the copy is done.
#|     target: "{{second}}"
#|     done-when: replica-listed {{second}} {{second-replica}}
#|     do: maprcli stream replica add -path {{second}} -replica {{second-replica}} -paused true
#|     verify:
#|       - replica-listed {{second}} {{second-replica}}
#|       - replica-paused {{second}} {{second-replica}}
#|     undo: maprcli stream replica remove -path {{second}} -replica {{second-replica}}
#|
#|   - id: second-list-replicas
#|     title: The right replica is registered
#|     do: maprcli stream replica list -path {{second}} -refreshnow true
#|     verify: replica-listed {{second}} {{second-replica}}
#|     undo: none
#|     repeatable: true
#|
#|   - id: second-authorize-source
#|     title: Let the replica accept the source
#|     why: Replication depends on a two-way agreement. Without this record nothing flows, and no error says so.
#|     target: "{{second-replica}}"
#|     done-when: upstream-listed {{second-replica}} {{second}}
#|     do: maprcli stream upstream add -path {{second-replica}} -upstream {{second}}
#|     verify: upstream-listed {{second-replica}} {{second}}
#|     undo: maprcli stream upstream remove -path {{second-replica}} -upstream {{second}}
#|
#|   - id: second-list-upstreams
#|     title: The right upstream is registered
#|     do: maprcli stream upstream list -path {{second-replica}}
#|     verify: upstream-and-replica {{second}} {{second-replica}}
#|     undo: none
#|     repeatable: true
#|
#|   - id: second-load-replica
#|     title: Load the replica with the source's data
#|     when: "{{copy}}"
#|     target: "{{second-replica}}"
#|     do: mapr copystream -src {{second}} -dst {{second-replica}} -mapreduce false
#|     repeatable: true
#|     timeout: 12h
#|     verify:
#|       - readable {{second-replica}}
#|     undo: none
#|     expect: The longest step. Messages keep their offsets, so that running it twice changes nothing.
#|
#|   - id: second-resume-replication
#|     title: Start replication
#|     target: "{{second}}"
#|     done-when: link-healthy {{second}} {{second-replica}}
#|     do: maprcli stream replica resume -path {{second}} -replica {{second-replica}}
#|     retry: {attempts: 3, on: [transient, unreachable], delay: 2s}
#|     verify: {becomes: "link-healthy {{second}} {{second-replica}}", within: 2m, interval: 500ms}
#|     undo: maprcli stream replica pause -path {{second}} -replica {{second-replica}}
#|
#|   - id: second-catch-up
#|     title: The replica catches up
#|     verify: {becomes: "caught-up {{second}} {{second-replica}}", within: 12h, interval: 1s}
#|     expect: The lag grows during the copy and falls to nothing here.
#: end
