# --- The steps ---
step_ids=(
    check-settings
    check-reverse-settings
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

# A run that stops here has changed nothing. Begin another with the settings that the link has now; a resume
# would keep those that are wrong.
step_check_settings() {
    case $1 in
        about)
            number=1 title="What an undo would register again is what there is" ;;
        when)
            holds replica_listed "$p_source" "$p_replica" ;;
        requires)
            holds replica_has "$p_source" "$p_replica" columns "$p_columns"
            holds replica_has "$p_source" "$p_replica" synchronous "$p_synchronous"
            holds replica_has "$p_source" "$p_replica" throttle "$p_throttle"
            holds replica_has "$p_source" "$p_replica" paused "$p_paused" ;;
    esac
}

step_check_reverse_settings() {
    case $1 in
        about)
            number=2 title="In the other direction too" ;;
        when)
            holds is_true "$p_both"
            holds replica_listed "$p_replica" "$p_source" ;;
        requires)
            holds replica_has "$p_replica" "$p_source" columns "$p_columns"
            holds replica_has "$p_replica" "$p_source" synchronous "$p_synchronous"
            holds replica_has "$p_replica" "$p_source" throttle "$p_throttle"
            holds replica_has "$p_replica" "$p_source" paused "$p_paused" ;;
    esac
}

step_remove_replica() {
    case $1 in
        about)
            number=3 title="${p_source} stops sending to ${p_replica}"
            has_done_when=true
            approval="Changes made after this are not sent any more, not even after an undo, which registers the link anew (with the compression that new links have)." ;;
        done-when)
            holds replica_absent "$p_source" "$p_replica" ;;
        commands)
            run 60 maprcli table replica remove -path "$p_source" -replica "$p_replica" ;;
        verify)
            becomes 30 0.5 replica_absent "$p_source" "$p_replica" ;;
        undo)
            undo_line 60 maprcli table replica add -path "$p_source" -replica "$p_replica" ${p_columns:+-columns "$p_columns"} -synchronous "$p_synchronous" -throttle "$p_throttle" -paused "$p_paused" ;;
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
            undo_line 60 maprcli table replica add -path "$p_replica" -replica "$p_source" ${p_columns:+-columns "$p_columns"} -synchronous "$p_synchronous" -throttle "$p_throttle" -paused "$p_paused" ;;
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
#: hash 3b10254d4e24cf120f24b3d2473a7671
#: set both=true
#: set columns=
#: set paused=false
#: set replica=/mapr/newyork/customers
#: set source=/mapr/sanfrancisco/customers
#: set synchronous=false
#: set throttle=false
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
#|   synchronous: {type: bool, default: "false", title: Whether the links are synchronous; for undo}
#|   throttle: {type: bool, default: "false", title: Whether the links are throttled; for undo}
#|   paused: {type: bool, default: "false", title: Whether the links are paused; for undo}
#| requires:
#|   - dataset-exists {{source}}
#|   - dataset-exists {{replica}}
#|
#| steps:
#|   - id: check-settings
#|     title: What an undo would register again is what there is
#|     why: >-
#|       A run that stops here has changed nothing. Begin another with the settings that the link has now; a resume would
#|       keep those that are wrong.
#|     when: replica-listed {{source}} {{replica}}
#|     requires:
#|       - replica-has {{source}} {{replica}} columns {{columns}}
#|       - replica-has {{source}} {{replica}} synchronous {{synchronous}}
#|       - replica-has {{source}} {{replica}} throttle {{throttle}}
#|       - replica-has {{source}} {{replica}} paused {{paused}}
#|
#|   - id: check-reverse-settings
#|     title: In the other direction too
#|     when:
#|       - "{{both}}"
#|       - replica-listed {{replica}} {{source}}
#|     requires:
#|       - replica-has {{replica}} {{source}} columns {{columns}}
#|       - replica-has {{replica}} {{source}} synchronous {{synchronous}}
#|       - replica-has {{replica}} {{source}} throttle {{throttle}}
#|       - replica-has {{replica}} {{source}} paused {{paused}}
#|
#|   - id: remove-replica
#|     title: "{{source}} stops sending to {{replica}}"
#|     target: "{{source}}"
#|     done-when: replica-absent {{source}} {{replica}}
#|     approval: >-
#|       Changes made after this are not sent any more, not even after an undo, which registers the link anew (with the
#|       compression that new links have).
#|     do: maprcli table replica remove -path {{source}} -replica {{replica}}
#|     verify: replica-absent {{source}} {{replica}}
#|     undo: >-
#|       maprcli table replica add -path {{source}} -replica {{replica}} {{columns | option -columns}}
#|       -synchronous {{synchronous}} -throttle {{throttle}} -paused {{paused}}
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
#|     undo: >-
#|       maprcli table replica add -path {{replica}} -replica {{source}} {{columns | option -columns}}
#|       -synchronous {{synchronous}} -throttle {{throttle}} -paused {{paused}}
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
