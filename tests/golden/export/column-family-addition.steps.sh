# --- The steps ---
step_ids=(
    check-agreement
    check-columns
    create-at-replica
    create-at-source
    whole-table-flows
    pause
    edit-columns
    copy-family
    resume
    caught-up
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        create-at-replica | create-at-source | pause | edit-columns | copy-family | resume) return 0 ;;
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
    holds dataset_exists "$p_replica"
}

step_check_agreement() {
    case $1 in
        about)
            number=1 title="The two tables replicate" ;;
        requires)
            holds upstream_and_replica "$p_source" "$p_replica" ;;
    esac
}

# -columns replaces the whole list. What is left out of it is no longer replicated.
step_check_columns() {
    case $1 in
        about)
            number=2 title="The full new list of columns is known (--set columns=...)" ;;
        when)
            holds subset "$p_source" "$p_replica"
            holds equal "$p_columns" '' ;;
        requires)
            holds replicates_family "$p_source" "$p_replica" "$p_family" ;;
    esac
}

# First at the replica, so that there is no moment in which the source sends what the replica cannot store.
step_create_at_replica() {
    case $1 in
        about)
            number=3 title="Create the family at the replica"
            has_done_when=true ;;
        done-when)
            holds family_exists "$p_replica" "$p_family" ;;
        requires)
            holds has_permission "$p_replica" createrenamefamilyperm ;;
        commands)
            run 60 maprcli table cf create -path "$p_replica" -cfname "$p_family" ;;
        verify)
            becomes 30 0.5 family_exists "$p_replica" "$p_family" ;;
        undo)
            undo_line 60 maprcli table cf delete -path "$p_replica" -cfname "$p_family" ;;
    esac
}

step_create_at_source() {
    case $1 in
        about)
            number=4 title="Create the family at the source"
            has_done_when=true ;;
        done-when)
            holds family_exists "$p_source" "$p_family" ;;
        requires)
            holds has_permission "$p_source" createrenamefamilyperm ;;
        commands)
            run 60 maprcli table cf create -path "$p_source" -cfname "$p_family" ;;
        verify)
            becomes 30 0.5 family_exists "$p_source" "$p_family" ;;
        undo)
            undo_line 60 maprcli table cf delete -path "$p_source" -cfname "$p_family" ;;
    esac
}

step_whole_table_flows() {
    case $1 in
        about)
            number=5 title="The whole table is replicated, so that the family is replicated at once" ;;
        when)
            holds whole_table "$p_source" "$p_replica" ;;
        verify)
            becomes 30 0.5 replicates_family "$p_source" "$p_replica" "$p_family"
            becomes 300 0.5 link_healthy "$p_source" "$p_replica" ;;
    esac
}

step_pause() {
    case $1 in
        about)
            number=6 title="Pause replication"
            has_done_when=true ;;
        when)
            holds subset "$p_source" "$p_replica"
            holds not equal "$p_columns" '' ;;
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

step_edit_columns() {
    case $1 in
        about)
            number=7 title="Add the family to what is replicated"
            has_done_when=true safe_to_stop=false irreversible="the earlier list of columns is not known here; give it to replica edit -columns to go back" ;;
        when)
            holds subset "$p_source" "$p_replica"
            holds not equal "$p_columns" '' ;;
        done-when)
            holds replicates_family "$p_source" "$p_replica" "$p_family" ;;
        commands)
            run 60 maprcli table replica edit -path "$p_source" -replica "$p_replica" -columns "$p_columns" ;;
        verify)
            becomes 30 0.5 replicates_family "$p_source" "$p_replica" "$p_family" ;;
    esac
}

step_copy_family() {
    case $1 in
        about)
            number=8 title="Copy what the family holds already"
            repeatable=true ;;
        when)
            holds subset "$p_source" "$p_replica"
            holds not equal "$p_columns" '' ;;
        commands)
            run 43200 hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src "$p_source" -dst "$p_replica" -columns "$p_family" -bulkload false -mapreduce false ;;
        verify)
            becomes 30 0.5 not_in_bulkload "$p_replica" ;;
    esac
}

step_resume() {
    case $1 in
        about)
            number=9 title="Resume replication"
            has_done_when=true ;;
        when)
            holds subset "$p_source" "$p_replica"
            holds not equal "$p_columns" '' ;;
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

step_caught_up() {
    case $1 in
        about)
            number=10 title="The replica has the family and has caught up" ;;
        verify)
            becomes 30 0.5 replicates_family "$p_source" "$p_replica" "$p_family"
            becomes 43200 1 caught_up "$p_source" "$p_replica" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash 7adbf7b19651e681fb2abb6a196f94e8
#: set columns=
#: set family=preferences
#: set replica=/mapr/newyork/customers
#: set source=/mapr/sanfrancisco/customers
#| # A new column family on a replicated table. Structure is never replicated: each side is changed by hand.
#| runbook: column-family-addition
#| title: Add column family {{family}} to {{source}} and its replica {{replica}}
#| why: >-
#|   A family that exists at the source alone stops replication with an error. Where the whole table is replicated it is
#|   enough to create it at the replica; where a subset is, the list of columns is replaced and the data copied.
#| system: maprdb
#| docs: Setting Up Multi-Master Replication Manually, changes to the structure of a source table
#| parameters:
#|   source: {type: dataset, example: /mapr/sanfrancisco/customers}
#|   replica: {type: dataset, example: /mapr/newyork/customers}
#|   family: {type: family, title: The new column family, example: preferences}
#|   columns:
#|     type: columns
#|     default: ""
#|     title: Subset only. The full new list of what is replicated, the new family included
#|     example: profile,orders,preferences
#| requires:
#|   - dataset-exists {{source}}
#|   - dataset-exists {{replica}}
#|
#| steps:
#|   - id: check-agreement
#|     title: The two tables replicate
#|     requires: upstream-and-replica {{source}} {{replica}}
#|
#|   - id: check-columns
#|     title: The full new list of columns is known (--set columns=...)
#|     why: "-columns replaces the whole list. What is left out of it is no longer replicated."
#|     when:
#|       - subset {{source}} {{replica}}
#|       - "{{columns}} == ''"
#|     requires: replicates-family {{source}} {{replica}} {{family}}
#|
#|   - id: create-at-replica
#|     title: Create the family at the replica
#|     why: First at the replica, so that there is no moment in which the source sends what the replica cannot store.
#|     target: "{{replica}}"
#|     done-when: family-exists {{replica}} {{family}}
#|     requires: has-permission {{replica}} createrenamefamilyperm
#|     do: maprcli table cf create -path {{replica}} -cfname {{family}}
#|     verify: family-exists {{replica}} {{family}}
#|     undo: maprcli table cf delete -path {{replica}} -cfname {{family}}
#|
#|   - id: create-at-source
#|     title: Create the family at the source
#|     target: "{{source}}"
#|     done-when: family-exists {{source}} {{family}}
#|     requires: has-permission {{source}} createrenamefamilyperm
#|     do: maprcli table cf create -path {{source}} -cfname {{family}}
#|     verify: family-exists {{source}} {{family}}
#|     undo: maprcli table cf delete -path {{source}} -cfname {{family}}
#|
#|   - id: whole-table-flows
#|     title: The whole table is replicated, so that the family is replicated at once
#|     when: whole-table {{source}} {{replica}}
#|     verify:
#|       - replicates-family {{source}} {{replica}} {{family}}
#|       - {becomes: "link-healthy {{source}} {{replica}}", within: 5m}
#|
#|   - id: pause
#|     title: Pause replication
#|     when:
#|       - subset {{source}} {{replica}}
#|       - "{{columns}} != ''"
#|     target: "{{source}}"
#|     done-when: replica-paused {{source}} {{replica}}
#|     do: maprcli table replica pause -path {{source}} -replica {{replica}}
#|     verify: replica-paused {{source}} {{replica}}
#|     undo: maprcli table replica resume -path {{source}} -replica {{replica}}
#|
#|   - id: edit-columns
#|     title: Add the family to what is replicated
#|     when:
#|       - subset {{source}} {{replica}}
#|       - "{{columns}} != ''"
#|     target: "{{source}}"
#|     done-when: replicates-family {{source}} {{replica}} {{family}}
#|     do: maprcli table replica edit -path {{source}} -replica {{replica}} -columns {{columns}}
#|     verify: replicates-family {{source}} {{replica}} {{family}}
#|     irreversible: the earlier list of columns is not known here; give it to replica edit -columns to go back
#|     safe-to-stop: false
#|
#|   - id: copy-family
#|     title: Copy what the family holds already
#|     when:
#|       - subset {{source}} {{replica}}
#|       - "{{columns}} != ''"
#|     target: "{{replica}}"
#|     do: >-
#|       hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src {{source}} -dst {{replica}} -columns {{family}}
#|       -bulkload false -mapreduce false
#|     repeatable: true
#|     timeout: 12h
#|     verify: not-in-bulkload {{replica}}
#|     undo: none
#|
#|   - id: resume
#|     title: Resume replication
#|     when:
#|       - subset {{source}} {{replica}}
#|       - "{{columns}} != ''"
#|     target: "{{source}}"
#|     done-when: link-healthy {{source}} {{replica}}
#|     do: maprcli table replica resume -path {{source}} -replica {{replica}}
#|     retry: {attempts: 3, on: [transient, unreachable], delay: 2s}
#|     verify: {becomes: "link-healthy {{source}} {{replica}}", within: 5m}
#|     undo: maprcli table replica pause -path {{source}} -replica {{replica}}
#|
#|   - id: caught-up
#|     title: The replica has the family and has caught up
#|     verify:
#|       - replicates-family {{source}} {{replica}} {{family}}
#|       - {becomes: "caught-up {{source}} {{replica}}", within: 12h, interval: 1s}
#: end
