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
    compare
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        create-replica | register-replica | list-replicas | authorize-source | list-upstreams | load-replica | resume-replication) return 0 ;;
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

# replica add is refused without them, after half of the work.
step_check_source_permissions() {
    case $1 in
        about)
            number=1 title="You may read and replicate the source"
            docs="maprcli table info, fields defaultreadperm and replperm" ;;
        requires)
            holds has_permission "$p_source" readperm
            holds has_permission "$p_source" replperm ;;
    esac
}

# The documentation calls the first one bulkload; the permission is bulkloadperm.
step_check_replica_permissions() {
    case $1 in
        about)
            number=2 title="You may load and replicate into the replica that already exists" ;;
        when)
            holds dataset_exists "$p_replica" ;;
        requires)
            holds has_permission "$p_replica" bulkloadperm
            holds has_permission "$p_replica" replperm
            holds not_in_bulkload "$p_replica" ;;
    esac
}

step_check_gateways() {
    case $1 in
        about)
            number=3 title="The source's cluster reaches a gateway of the replica's"
            docs="Configuring and Managing MapR Gateways" ;;
        requires)
            holds gateways_reachable "$(cluster_of "$p_source")" "$(cluster_of "$p_replica")" ;;
    esac
}

# Column families, permissions and attributes must be equal, and nothing copies them later.
step_create_replica() {
    case $1 in
        about)
            number=4 title="Create the replica with the source's metadata"
            has_done_when=true ;;
        done-when)
            holds dataset_exists "$p_replica" ;;
        commands)
            run 60 maprcli table create -path "$p_replica" -copymetafrom "$p_source" ;;
        verify)
            becomes 30 0.5 dataset_exists "$p_replica" ;;
        undo)
            undo_line 60 maprcli table delete -path "$p_replica" ;;
    esac
}

step_check_metadata() {
    case $1 in
        about)
            number=5 title="Both tables have equal metadata" ;;
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
            run 60 maprcli table replica add -path "$p_source" -replica "$p_replica" -paused true ;;
        verify)
            becomes 30 0.5 replica_listed "$p_source" "$p_replica"
            becomes 30 0.5 replica_paused "$p_source" "$p_replica" ;;
        undo)
            undo_line 60 maprcli table replica remove -path "$p_source" -replica "$p_replica" ;;
    esac
}

step_list_replicas() {
    case $1 in
        about)
            number=7 title="The right replica is registered"
            repeatable=true ;;
        commands)
            run 60 maprcli table replica list -path "$p_source" -refreshnow true ;;
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
            run 60 maprcli table upstream add -path "$p_replica" -upstream "$p_source" ;;
        verify)
            becomes 30 0.5 upstream_listed "$p_replica" "$p_source" ;;
        undo)
            undo_line 60 maprcli table upstream remove -path "$p_replica" -upstream "$p_source" ;;
    esac
}

step_list_upstreams() {
    case $1 in
        about)
            number=9 title="The right upstream is registered"
            repeatable=true ;;
        commands)
            run 60 maprcli table upstream list -path "$p_replica" ;;
        verify)
            becomes 30 0.5 upstream_and_replica "$p_source" "$p_replica" ;;
    esac
}

# Expect: The longest step. Rows keep their timestamps, so that running it twice changes nothing.
step_load_replica() {
    case $1 in
        about)
            number=10 title="Load the replica with the source's data"
            repeatable=true ;;
        when)
            holds is_true "$p_copy" ;;
        commands)
            run 43200 hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src "$p_source" -dst "$p_replica" -bulkload false -mapreduce false ;;
        verify)
            becomes 30 0.5 readable "$p_replica"
            becomes 30 0.5 not_in_bulkload "$p_replica" ;;
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
            run 60 maprcli table replica resume -path "$p_source" -replica "$p_replica" ;;
        verify)
            becomes 120 0.5 link_healthy "$p_source" "$p_replica" ;;
        undo)
            undo_line 60 maprcli table replica pause -path "$p_source" -replica "$p_replica" ;;
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

# While clients write, two tables are never equal at one instant; compare them when nobody does.
step_compare() {
    case $1 in
        about)
            number=13 title="Both tables hold equal data" ;;
        when)
            holds is_true "$p_compare" ;;
        verify)
            becomes 600 2 same_data "$p_source" "$p_replica" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash 8d3cece0dbdf7601fe57c822e7e99147
#: set compare=false
#: set copy=true
#: set replica=/mapr/newyork/customers
#: set source=/mapr/sanfrancisco/customers
#| # A table that follows another, set up command by command.
#| runbook: replica-setup
#| title: Set up one-way replication from {{source}} to {{replica}}
#| why: >-
#|   The replica follows the source; clients write at the source alone. The replica is registered paused, so that writes
#|   made during the copy wait in the source's log and none is lost.
#| system: maprdb
#| docs: Setting Up Multi-Master Replication Manually, the first direction
#| parameters:
#|   source: {type: dataset, title: The table that clients write, example: /mapr/sanfrancisco/customers}
#|   replica: {type: path, title: The table to create and keep in step, example: /mapr/newyork/customers}
#|   copy: {type: bool, default: "true", title: Load the replica with what the source holds}
#|   compare: {type: bool, default: "false", title: Compare every row at the end; only while nobody writes}
#| requires:
#|   - dataset-exists {{source}}
#|
#| steps:
#|   - id: check-source-permissions
#|     title: You may read and replicate the source
#|     why: replica add is refused without them, after half of the work.
#|     target: "{{source}}"
#|     requires:
#|       - has-permission {{source}} readperm
#|       - has-permission {{source}} replperm
#|     docs: maprcli table info, fields defaultreadperm and replperm
#|
#|   - id: check-replica-permissions
#|     title: You may load and replicate into the replica that already exists
#|     why: The documentation calls the first one bulkload; the permission is bulkloadperm.
#|     target: "{{replica}}"
#|     when: dataset-exists {{replica}}
#|     requires:
#|       - has-permission {{replica}} bulkloadperm
#|       - has-permission {{replica}} replperm
#|       - not-in-bulkload {{replica}}
#|
#|   - id: check-gateways
#|     title: The source's cluster reaches a gateway of the replica's
#|     requires: gateways-reachable {{source | cluster}} {{replica | cluster}}
#|     docs: Configuring and Managing MapR Gateways
#|
#|   - id: create-replica
#|     title: Create the replica with the source's metadata
#|     why: Column families, permissions and attributes must be equal, and nothing copies them later.
#|     target: "{{replica}}"
#|     done-when: dataset-exists {{replica}}
#|     do: maprcli table create -path {{replica}} -copymetafrom {{source}}
#|     verify: dataset-exists {{replica}}
#|     undo: maprcli table delete -path {{replica}}
#|
#|   - id: check-metadata
#|     title: Both tables have equal metadata
#|     verify: same-metadata {{source}} {{replica}}
#|
#|   - id: register-replica
#|     title: Register the replica, paused
#|     why: From here on the source keeps its changes for the replica. Paused, it does not send them before the copy is done.
#|     target: "{{source}}"
#|     done-when: replica-listed {{source}} {{replica}}
#|     do: maprcli table replica add -path {{source}} -replica {{replica}} -paused true
#|     verify:
#|       - replica-listed {{source}} {{replica}}
#|       - replica-paused {{source}} {{replica}}
#|     undo: maprcli table replica remove -path {{source}} -replica {{replica}}
#|
#|   - id: list-replicas
#|     title: The right replica is registered
#|     do: maprcli table replica list -path {{source}} -refreshnow true
#|     verify: replica-listed {{source}} {{replica}}
#|     undo: none
#|     repeatable: true
#|
#|   - id: authorize-source
#|     title: Let the replica accept the source
#|     why: Replication depends on a two-way agreement. Without this record nothing flows, and no error says so.
#|     target: "{{replica}}"
#|     done-when: upstream-listed {{replica}} {{source}}
#|     do: maprcli table upstream add -path {{replica}} -upstream {{source}}
#|     verify: upstream-listed {{replica}} {{source}}
#|     undo: maprcli table upstream remove -path {{replica}} -upstream {{source}}
#|
#|   - id: list-upstreams
#|     title: The right upstream is registered
#|     do: maprcli table upstream list -path {{replica}}
#|     verify: upstream-and-replica {{source}} {{replica}}
#|     undo: none
#|     repeatable: true
#|
#|   - id: load-replica
#|     title: Load the replica with the source's data
#|     when: "{{copy}}"
#|     target: "{{replica}}"
#|     do: hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src {{source}} -dst {{replica}} -bulkload false -mapreduce false
#|     repeatable: true
#|     timeout: 12h
#|     verify:
#|       - readable {{replica}}
#|       - not-in-bulkload {{replica}}
#|     undo: none
#|     expect: The longest step. Rows keep their timestamps, so that running it twice changes nothing.
#|
#|   - id: resume-replication
#|     title: Start replication
#|     target: "{{source}}"
#|     done-when: link-healthy {{source}} {{replica}}
#|     do: maprcli table replica resume -path {{source}} -replica {{replica}}
#|     retry: {attempts: 3, on: [transient, unreachable], delay: 2s}
#|     verify: {becomes: "link-healthy {{source}} {{replica}}", within: 2m, interval: 500ms}
#|     undo: maprcli table replica pause -path {{source}} -replica {{replica}}
#|
#|   - id: catch-up
#|     title: The replica catches up
#|     verify: {becomes: "caught-up {{source}} {{replica}}", within: 12h, interval: 1s}
#|     expect: The lag grows during the copy and falls to nothing here.
#|
#|   - id: compare
#|     title: Both tables hold equal data
#|     why: While clients write, two tables are never equal at one instant; compare them when nobody does.
#|     when: "{{compare}}"
#|     verify: {becomes: "same-data {{source}} {{replica}}", within: 10m, interval: 2s}
#: end
