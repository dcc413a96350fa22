# --- The steps ---
step_ids=(
    check-permissions
    check-replica-permissions
    check-gateways
    check-columns
    pause
    remove-replica
    remove-upstream
    remove-reverse-upstream
    delete-replica
    create-replica
    register-replica
    authorize-source
    load-replica
    resume-replication
    catch-up
    register-reverse
    authorize-reverse
    compare
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        pause | remove-replica | remove-upstream | remove-reverse-upstream | delete-replica | create-replica | register-replica | authorize-source | load-replica | resume-replication | register-reverse | authorize-reverse) return 0 ;;
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

step_check_permissions() {
    case $1 in
        about)
            number=1 title="You may replicate the source" ;;
        requires)
            holds has_permission "$p_source" readperm
            holds has_permission "$p_source" replperm
            holds readable "$p_source" ;;
    esac
}

step_check_replica_permissions() {
    case $1 in
        about)
            number=2 title="You may delete the replica" ;;
        when)
            holds dataset_exists "$p_replica" ;;
        requires)
            holds has_permission "$p_replica" adminaccessperm ;;
    esac
}

step_check_gateways() {
    case $1 in
        about)
            number=3 title="The source's cluster reaches a gateway of the replica's" ;;
        requires)
            holds gateways_reachable "$(cluster_of "$p_source")" "$(cluster_of "$p_replica")" ;;
    esac
}

step_check_columns() {
    case $1 in
        about)
            number=4 title="What is registered again is what is replicated" ;;
        when)
            holds replica_listed "$p_source" "$p_replica" ;;
        requires)
            holds replica_has "$p_source" "$p_replica" columns "$p_columns" ;;
    esac
}

step_pause() {
    case $1 in
        about)
            number=5 title="Pause the broken link"
            has_done_when=true ;;
        when)
            holds replica_listed "$p_source" "$p_replica" ;;
        done-when)
            holds replica_paused "$p_source" "$p_replica" ;;
        commands)
            run 60 maprcli table replica pause -path "$p_source" -replica "$p_replica" ;;
        verify)
            becomes 30 0.5 replica_paused "$p_source" "$p_replica" ;;
        undo)
            undo_line 60 maprcli table replica resume -path "$p_source" -replica "$p_replica" ;;
    esac
}

step_remove_replica() {
    case $1 in
        about)
            number=6 title="Remove the replica from the source's list"
            has_done_when=true ;;
        done-when)
            holds replica_absent "$p_source" "$p_replica" ;;
        commands)
            run 60 maprcli table replica remove -path "$p_source" -replica "$p_replica" ;;
        verify)
            becomes 30 0.5 replica_absent "$p_source" "$p_replica" ;;
        undo)
            undo_line 60 maprcli table replica add -path "$p_source" -replica "$p_replica" -paused true ${p_columns:+-columns "$p_columns"} ;;
    esac
}

step_remove_upstream() {
    case $1 in
        about)
            number=7 title="Remove the source from the replica's list"
            has_done_when=true ;;
        when)
            holds dataset_exists "$p_replica" ;;
        done-when)
            holds upstream_absent "$p_replica" "$p_source" ;;
        commands)
            run 60 maprcli table upstream remove -path "$p_replica" -upstream "$p_source" ;;
        verify)
            becomes 30 0.5 upstream_absent "$p_replica" "$p_source" ;;
        undo)
            undo_line 60 maprcli table upstream add -path "$p_replica" -upstream "$p_source" ;;
    esac
}

# The record names the old table's identity and would never match the new one.
step_remove_reverse_upstream() {
    case $1 in
        about)
            number=8 title="Stop accepting what the replica sends"
            has_done_when=true ;;
        done-when)
            holds upstream_absent "$p_source" "$p_replica" ;;
        commands)
            run 60 maprcli table upstream remove -path "$p_source" -upstream "$p_replica" ;;
        verify)
            becomes 30 0.5 upstream_absent "$p_source" "$p_replica" ;;
        undo)
            undo_line 60 maprcli table upstream add -path "$p_source" -upstream "$p_replica" ;;
    esac
}

step_delete_replica() {
    case $1 in
        about)
            number=9 title="Delete the replica"
            has_done_when=true irreversible="the rows of ${p_replica} are gone"
            approval="Everything that only ${p_replica} holds is lost."
            type_the_name="${p_replica}" ;;
        done-when)
            holds dataset_absent "$p_replica" ;;
        commands)
            run 60 maprcli table delete -path "$p_replica" ;;
        verify)
            becomes 30 0.5 dataset_absent "$p_replica" ;;
    esac
}

step_create_replica() {
    case $1 in
        about)
            number=10 title="Create the replica with the source's metadata"
            has_done_when=true ;;
        done-when)
            holds dataset_exists "$p_replica" ;;
        commands)
            run 60 maprcli table create -path "$p_replica" -copymetafrom "$p_source" ;;
        verify)
            becomes 30 0.5 dataset_exists "$p_replica"
            becomes 30 0.5 same_metadata "$p_source" "$p_replica" ;;
        undo)
            undo_line 60 maprcli table delete -path "$p_replica" ;;
    esac
}

# Expect: A new record is neither synchronous nor throttled; maprcli table replica edit sets that again.
step_register_replica() {
    case $1 in
        about)
            number=11 title="Register the replica, paused"
            has_done_when=true ;;
        done-when)
            holds replica_listed "$p_source" "$p_replica" ;;
        commands)
            run 60 maprcli table replica add -path "$p_source" -replica "$p_replica" -paused true ${p_columns:+-columns "$p_columns"} ;;
        verify)
            becomes 30 0.5 replica_paused "$p_source" "$p_replica" ;;
        undo)
            undo_line 60 maprcli table replica remove -path "$p_source" -replica "$p_replica" ;;
    esac
}

step_authorize_source() {
    case $1 in
        about)
            number=12 title="Let the replica accept the source"
            has_done_when=true ;;
        done-when)
            holds upstream_listed "$p_replica" "$p_source" ;;
        commands)
            run 60 maprcli table upstream add -path "$p_replica" -upstream "$p_source" ;;
        verify)
            becomes 30 0.5 upstream_and_replica "$p_source" "$p_replica" ;;
        undo)
            undo_line 60 maprcli table upstream remove -path "$p_replica" -upstream "$p_source" ;;
    esac
}

step_load_replica() {
    case $1 in
        about)
            number=13 title="Load the replica with the source's data"
            repeatable=true ;;
        commands)
            run 43200 hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src "$p_source" -dst "$p_replica" -bulkload false -mapreduce false ${p_columns:+-columns "$p_columns"} ;;
        verify)
            becomes 30 0.5 not_in_bulkload "$p_replica" ;;
    esac
}

step_resume_replication() {
    case $1 in
        about)
            number=14 title="Start replication"
            has_done_when=true ;;
        done-when)
            holds link_healthy "$p_source" "$p_replica" ;;
        commands)
            retry 3 2 'transient unreachable'
            run 60 maprcli table replica resume -path "$p_source" -replica "$p_replica" ;;
        verify)
            becomes 300 0.5 link_healthy "$p_source" "$p_replica" ;;
        undo)
            undo_line 60 maprcli table replica pause -path "$p_source" -replica "$p_replica" ;;
    esac
}

step_catch_up() {
    case $1 in
        about)
            number=15 title="The replica catches up" ;;
        verify)
            becomes 43200 1 caught_up "$p_source" "$p_replica" ;;
    esac
}

step_register_reverse() {
    case $1 in
        about)
            number=16 title="Register the source as a replica of the replica"
            has_done_when=true ;;
        when)
            holds is_true "$p_multimaster" ;;
        done-when)
            holds replica_listed "$p_replica" "$p_source" ;;
        commands)
            run 60 maprcli table replica add -path "$p_replica" -replica "$p_source" ${p_columns:+-columns "$p_columns"} ;;
        verify)
            becomes 30 0.5 replica_listed "$p_replica" "$p_source" ;;
        undo)
            undo_line 60 maprcli table replica remove -path "$p_replica" -replica "$p_source" ;;
    esac
}

step_authorize_reverse() {
    case $1 in
        about)
            number=17 title="Let the source accept the replica"
            has_done_when=true ;;
        when)
            holds is_true "$p_multimaster" ;;
        done-when)
            holds upstream_listed "$p_source" "$p_replica" ;;
        commands)
            run 60 maprcli table upstream add -path "$p_source" -upstream "$p_replica" ;;
        verify)
            becomes 30 0.5 upstream_listed "$p_source" "$p_replica"
            becomes 300 0.5 link_healthy "$p_replica" "$p_source" ;;
        undo)
            undo_line 60 maprcli table upstream remove -path "$p_source" -upstream "$p_replica" ;;
    esac
}

step_compare() {
    case $1 in
        about)
            number=18 title="Both tables hold equal data" ;;
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
#: hash 1e3b67ea038d112304633d366d48d9f6
#: set columns=
#: set compare=false
#: set multimaster=false
#: set replica=/mapr/newyork/customers
#: set source=/mapr/sanfrancisco/customers
#| # A replica that broke or went its own way is thrown away and made again from its source.
#| runbook: rebuild-replica
#| title: Rebuild {{replica}} from {{source}}
#| why: >-
#|   A link in an unexpected state, or a replica that differs, is repaired by removing and creating it again. A table made
#|   anew at the same path has another identity, so that every record of the old one must go first.
#| system: maprdb
#| docs: MapR table replication, replica states (broken; delete and create again)
#| parameters:
#|   source: {type: dataset, title: The table that is right, example: /mapr/sanfrancisco/customers}
#|   replica: {type: path, title: The table to throw away, example: /mapr/newyork/customers}
#|   columns: {type: columns, default: "", title: What is replicated; empty for the whole table, example: "profile,orders"}
#|   multimaster: {type: bool, default: "false", title: Set up the other direction again as well}
#|   compare: {type: bool, default: "false", title: Compare every row at the end; only while nobody writes}
#| requires:
#|   - dataset-exists {{source}}
#|
#| steps:
#|   - id: check-permissions
#|     title: You may replicate the source
#|     requires:
#|       - has-permission {{source}} readperm
#|       - has-permission {{source}} replperm
#|       - readable {{source}}
#|
#|   - id: check-replica-permissions
#|     title: You may delete the replica
#|     when: dataset-exists {{replica}}
#|     requires: has-permission {{replica}} adminaccessperm
#|
#|   - id: check-gateways
#|     title: The source's cluster reaches a gateway of the replica's
#|     requires: gateways-reachable {{source | cluster}} {{replica | cluster}}
#|
#|   - id: check-columns
#|     title: What is registered again is what is replicated
#|     when: replica-listed {{source}} {{replica}}
#|     requires: replica-has {{source}} {{replica}} columns {{columns}}
#|
#|   - id: pause
#|     title: Pause the broken link
#|     when: replica-listed {{source}} {{replica}}
#|     target: "{{source}}"
#|     done-when: replica-paused {{source}} {{replica}}
#|     do: maprcli table replica pause -path {{source}} -replica {{replica}}
#|     verify: replica-paused {{source}} {{replica}}
#|     undo: maprcli table replica resume -path {{source}} -replica {{replica}}
#|
#|   - id: remove-replica
#|     title: Remove the replica from the source's list
#|     target: "{{source}}"
#|     done-when: replica-absent {{source}} {{replica}}
#|     do: maprcli table replica remove -path {{source}} -replica {{replica}}
#|     verify: replica-absent {{source}} {{replica}}
#|     undo: maprcli table replica add -path {{source}} -replica {{replica}} -paused true {{columns | option -columns}}
#|
#|   - id: remove-upstream
#|     title: Remove the source from the replica's list
#|     when: dataset-exists {{replica}}
#|     target: "{{replica}}"
#|     done-when: upstream-absent {{replica}} {{source}}
#|     do: maprcli table upstream remove -path {{replica}} -upstream {{source}}
#|     verify: upstream-absent {{replica}} {{source}}
#|     undo: maprcli table upstream add -path {{replica}} -upstream {{source}}
#|
#|   - id: remove-reverse-upstream
#|     title: Stop accepting what the replica sends
#|     why: The record names the old table's identity and would never match the new one.
#|     target: "{{source}}"
#|     done-when: upstream-absent {{source}} {{replica}}
#|     do: maprcli table upstream remove -path {{source}} -upstream {{replica}}
#|     verify: upstream-absent {{source}} {{replica}}
#|     undo: maprcli table upstream add -path {{source}} -upstream {{replica}}
#|
#|   - id: delete-replica
#|     title: Delete the replica
#|     target: "{{replica}}"
#|     done-when: dataset-absent {{replica}}
#|     approval:
#|       text: Everything that only {{replica}} holds is lost.
#|       type-the-name: "{{replica}}"
#|     do: maprcli table delete -path {{replica}}
#|     verify: dataset-absent {{replica}}
#|     irreversible: the rows of {{replica}} are gone
#|
#|   - id: create-replica
#|     title: Create the replica with the source's metadata
#|     target: "{{replica}}"
#|     done-when: dataset-exists {{replica}}
#|     do: maprcli table create -path {{replica}} -copymetafrom {{source}}
#|     verify:
#|       - dataset-exists {{replica}}
#|       - same-metadata {{source}} {{replica}}
#|     undo: maprcli table delete -path {{replica}}
#|
#|   - id: register-replica
#|     title: Register the replica, paused
#|     target: "{{source}}"
#|     done-when: replica-listed {{source}} {{replica}}
#|     do: maprcli table replica add -path {{source}} -replica {{replica}} -paused true {{columns | option -columns}}
#|     verify: replica-paused {{source}} {{replica}}
#|     undo: maprcli table replica remove -path {{source}} -replica {{replica}}
#|     expect: A new record is neither synchronous nor throttled; maprcli table replica edit sets that again.
#|
#|   - id: authorize-source
#|     title: Let the replica accept the source
#|     target: "{{replica}}"
#|     done-when: upstream-listed {{replica}} {{source}}
#|     do: maprcli table upstream add -path {{replica}} -upstream {{source}}
#|     verify: upstream-and-replica {{source}} {{replica}}
#|     undo: maprcli table upstream remove -path {{replica}} -upstream {{source}}
#|
#|   - id: load-replica
#|     title: Load the replica with the source's data
#|     target: "{{replica}}"
#|     do: >-
#|       hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src {{source}} -dst {{replica}} -bulkload false
#|       -mapreduce false {{columns | option -columns}}
#|     repeatable: true
#|     timeout: 12h
#|     verify: not-in-bulkload {{replica}}
#|     undo: none
#|
#|   - id: resume-replication
#|     title: Start replication
#|     target: "{{source}}"
#|     done-when: link-healthy {{source}} {{replica}}
#|     do: maprcli table replica resume -path {{source}} -replica {{replica}}
#|     retry: {attempts: 3, on: [transient, unreachable], delay: 2s}
#|     verify: {becomes: "link-healthy {{source}} {{replica}}", within: 5m}
#|     undo: maprcli table replica pause -path {{source}} -replica {{replica}}
#|
#|   - id: catch-up
#|     title: The replica catches up
#|     verify: {becomes: "caught-up {{source}} {{replica}}", within: 12h, interval: 1s}
#|
#|   - id: register-reverse
#|     title: Register the source as a replica of the replica
#|     when: "{{multimaster}}"
#|     target: "{{replica}}"
#|     done-when: replica-listed {{replica}} {{source}}
#|     do: maprcli table replica add -path {{replica}} -replica {{source}} {{columns | option -columns}}
#|     verify: replica-listed {{replica}} {{source}}
#|     undo: maprcli table replica remove -path {{replica}} -replica {{source}}
#|
#|   - id: authorize-reverse
#|     title: Let the source accept the replica
#|     when: "{{multimaster}}"
#|     target: "{{source}}"
#|     done-when: upstream-listed {{source}} {{replica}}
#|     do: maprcli table upstream add -path {{source}} -upstream {{replica}}
#|     verify:
#|       - upstream-listed {{source}} {{replica}}
#|       - {becomes: "link-healthy {{replica}} {{source}}", within: 5m}
#|     undo: maprcli table upstream remove -path {{source}} -upstream {{replica}}
#|
#|   - id: compare
#|     title: Both tables hold equal data
#|     when: "{{compare}}"
#|     verify: {becomes: "same-data {{source}} {{replica}}", within: 10m, interval: 2s}
#: end
