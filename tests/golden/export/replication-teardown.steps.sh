# --- The steps ---
step_ids=(
    check-columns
    check-reverse-columns
    remove-replica
    remove-upstream
    remove-reverse-replica
    remove-reverse-upstream
    check
    check-reverse
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        remove-replica | remove-upstream | remove-reverse-replica | remove-reverse-upstream) return 0 ;;
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

step_check_columns() {
    case $1 in
        about)
            number=1 title="What an undo would register again is what is replicated" ;;
        when)
            holds replica_listed "$p_source" "$p_replica" ;;
        requires)
            holds replica_has "$p_source" "$p_replica" columns "$p_columns" ;;
    esac
}

step_check_reverse_columns() {
    case $1 in
        about)
            number=2 title="In the other direction too" ;;
        when)
            holds is_true "$p_both"
            holds replica_listed "$p_replica" "$p_source" ;;
        requires)
            holds replica_has "$p_replica" "$p_source" columns "$p_columns" ;;
    esac
}

step_remove_replica() {
    case $1 in
        about)
            number=3 title="${p_source} stops sending to ${p_replica}"
            has_done_when=true
            approval="Changes made after this are not sent any more, not even after an undo, which registers the link anew: running, not synchronous, not throttled." ;;
        done-when)
            holds replica_absent "$p_source" "$p_replica" ;;
        commands)
            run 60 maprcli table replica remove -path "$p_source" -replica "$p_replica" ;;
        verify)
            becomes 30 0.5 replica_absent "$p_source" "$p_replica" ;;
        undo)
            undo_line 60 maprcli table replica add -path "$p_source" -replica "$p_replica" ${p_columns:+-columns "$p_columns"} ;;
    esac
}

step_remove_upstream() {
    case $1 in
        about)
            number=4 title="${p_replica} stops accepting ${p_source}"
            has_done_when=true ;;
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

step_remove_reverse_replica() {
    case $1 in
        about)
            number=5 title="${p_replica} stops sending to ${p_source}"
            has_done_when=true ;;
        when)
            holds is_true "$p_both" ;;
        done-when)
            holds replica_absent "$p_replica" "$p_source" ;;
        commands)
            run 60 maprcli table replica remove -path "$p_replica" -replica "$p_source" ;;
        verify)
            becomes 30 0.5 replica_absent "$p_replica" "$p_source" ;;
        undo)
            undo_line 60 maprcli table replica add -path "$p_replica" -replica "$p_source" ${p_columns:+-columns "$p_columns"} ;;
    esac
}

step_remove_reverse_upstream() {
    case $1 in
        about)
            number=6 title="${p_source} stops accepting ${p_replica}"
            has_done_when=true ;;
        when)
            holds is_true "$p_both" ;;
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

step_check() {
    case $1 in
        about)
            number=7 title="No record is left" ;;
        verify)
            becomes 30 0.5 replica_absent "$p_source" "$p_replica"
            becomes 30 0.5 upstream_absent "$p_replica" "$p_source" ;;
    esac
}

step_check_reverse() {
    case $1 in
        about)
            number=8 title="No record is left in the other direction" ;;
        when)
            holds is_true "$p_both" ;;
        verify)
            becomes 30 0.5 replica_absent "$p_replica" "$p_source"
            becomes 30 0.5 upstream_absent "$p_source" "$p_replica" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash ed7d6b0dd1e2b347fb3a37965a704eb4
#: set both=true
#: set columns=
#: set replica=/mapr/newyork/customers
#: set source=/mapr/sanfrancisco/customers
#| # Ends replication between two tables and leaves both tables as they are.
#| runbook: replication-teardown
#| title: End replication between {{source}} and {{replica}}
#| why: >-
#|   replica remove takes away the source's half of the agreement only. The upstream record at the other table stays until
#|   it is removed as well, and would accept a replica that somebody registers later.
#| system: maprdb
#| docs: maprcli table replica remove, maprcli table upstream remove
#| parameters:
#|   source: {type: dataset, example: /mapr/sanfrancisco/customers}
#|   replica: {type: dataset, example: /mapr/newyork/customers}
#|   both: {type: bool, default: "true", title: Also end the other direction}
#|   columns: {type: columns, default: "", title: What was replicated; for undo. Empty for the whole table}
#| requires:
#|   - dataset-exists {{source}}
#|   - dataset-exists {{replica}}
#|
#| steps:
#|   - id: check-columns
#|     title: What an undo would register again is what is replicated
#|     when: replica-listed {{source}} {{replica}}
#|     requires: replica-has {{source}} {{replica}} columns {{columns}}
#|
#|   - id: check-reverse-columns
#|     title: In the other direction too
#|     when:
#|       - "{{both}}"
#|       - replica-listed {{replica}} {{source}}
#|     requires: replica-has {{replica}} {{source}} columns {{columns}}
#|
#|   - id: remove-replica
#|     title: "{{source}} stops sending to {{replica}}"
#|     target: "{{source}}"
#|     done-when: replica-absent {{source}} {{replica}}
#|     approval: >-
#|       Changes made after this are not sent any more, not even after an undo, which registers the link anew: running,
#|       not synchronous, not throttled.
#|     do: maprcli table replica remove -path {{source}} -replica {{replica}}
#|     verify: replica-absent {{source}} {{replica}}
#|     undo: maprcli table replica add -path {{source}} -replica {{replica}} {{columns | option -columns}}
#|
#|   - id: remove-upstream
#|     title: "{{replica}} stops accepting {{source}}"
#|     target: "{{replica}}"
#|     done-when: upstream-absent {{replica}} {{source}}
#|     do: maprcli table upstream remove -path {{replica}} -upstream {{source}}
#|     verify: upstream-absent {{replica}} {{source}}
#|     undo: maprcli table upstream add -path {{replica}} -upstream {{source}}
#|
#|   - id: remove-reverse-replica
#|     title: "{{replica}} stops sending to {{source}}"
#|     when: "{{both}}"
#|     target: "{{replica}}"
#|     done-when: replica-absent {{replica}} {{source}}
#|     do: maprcli table replica remove -path {{replica}} -replica {{source}}
#|     verify: replica-absent {{replica}} {{source}}
#|     undo: maprcli table replica add -path {{replica}} -replica {{source}} {{columns | option -columns}}
#|
#|   - id: remove-reverse-upstream
#|     title: "{{source}} stops accepting {{replica}}"
#|     when: "{{both}}"
#|     target: "{{source}}"
#|     done-when: upstream-absent {{source}} {{replica}}
#|     do: maprcli table upstream remove -path {{source}} -upstream {{replica}}
#|     verify: upstream-absent {{source}} {{replica}}
#|     undo: maprcli table upstream add -path {{source}} -upstream {{replica}}
#|
#|   - id: check
#|     title: No record is left
#|     verify:
#|       - replica-absent {{source}} {{replica}}
#|       - upstream-absent {{replica}} {{source}}
#|
#|   - id: check-reverse
#|     title: No record is left in the other direction
#|     when: "{{both}}"
#|     verify:
#|       - replica-absent {{replica}} {{source}}
#|       - upstream-absent {{source}} {{replica}}
#: end
