# --- The steps ---
step_ids=(
    check-records
    check-reverse-records
    let-through
    let-through-reverse
    catch-up
    catch-up-reverse
    pause-writers
    copy
    copy-back
    settled
    compare
    clear-alarm
    clear-reverse-alarm
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        let-through | let-through-reverse | copy | copy-back | clear-alarm | clear-reverse-alarm) return 0 ;;
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

step_check_records() {
    case $1 in
        about)
            number=1 title="The tables have agreed to replicate, and may be copied" ;;
        requires)
            holds upstream_and_replica "$p_source" "$p_replica"
            holds whole_table "$p_source" "$p_replica"
            holds readable "$p_source"
            holds readable "$p_replica"
            holds not_in_bulkload "$p_source"
            holds not_in_bulkload "$p_replica"
            holds gateways_reachable "$(cluster_of "$p_source")" "$(cluster_of "$p_replica")" ;;
    esac
}

step_check_reverse_records() {
    case $1 in
        about)
            number=2 title="They have agreed in the other direction, too" ;;
        when)
            holds is_true "$p_multimaster" ;;
        requires)
            holds upstream_and_replica "$p_replica" "$p_source"
            holds whole_table "$p_replica" "$p_source"
            holds gateways_reachable "$(cluster_of "$p_replica")" "$(cluster_of "$p_source")" ;;
    esac
}

step_let_through() {
    case $1 in
        about)
            number=3 title="What waits for ${p_replica} is let through"
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

step_let_through_reverse() {
    case $1 in
        about)
            number=4 title="What waits for ${p_source} is let through"
            has_done_when=true ;;
        when)
            holds is_true "$p_multimaster" ;;
        done-when)
            holds link_healthy "$p_replica" "$p_source" ;;
        commands)
            retry 3 2 'transient unreachable'
            run 60 maprcli table replica resume -path "$p_replica" -replica "$p_source" ;;
        verify)
            becomes 300 0.5 link_healthy "$p_replica" "$p_source" ;;
        undo)
            undo_line 60 maprcli table replica pause -path "$p_replica" -replica "$p_source" ;;
    esac
}

step_catch_up() {
    case $1 in
        about)
            number=5 title="Nothing waits for ${p_replica} any more" ;;
        verify)
            becomes 43200 1 caught_up "$p_source" "$p_replica" ;;
    esac
}

step_catch_up_reverse() {
    case $1 in
        about)
            number=6 title="Nothing waits for ${p_source} any more" ;;
        when)
            holds is_true "$p_multimaster" ;;
        verify)
            becomes 43200 1 caught_up "$p_replica" "$p_source" ;;
    esac
}

step_pause_writers() {
    case $1 in
        about)
            number=7 title="Nobody writes while the tables are compared"
            kind=human instruction="Stop the clients of ${p_source} and of ${p_replica} until this run has ended." ;;
    esac
}

step_copy() {
    case $1 in
        about)
            number=8 title="${p_replica} gets what only ${p_source} holds"
            has_done_when=true repeatable=true ;;
        done-when)
            holds same_data "$p_source" "$p_replica" ;;
        commands)
            run 43200 hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src "$p_source" -dst "$p_replica" -bulkload false -mapreduce false ;;
        verify)
            becomes 30 0.5 not_in_bulkload "$p_replica" ;;
    esac
}

step_copy_back() {
    case $1 in
        about)
            number=9 title="${p_source} gets what only ${p_replica} holds"
            has_done_when=true repeatable=true ;;
        when)
            holds is_true "$p_multimaster" ;;
        done-when)
            holds same_data "$p_source" "$p_replica" ;;
        commands)
            run 43200 hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src "$p_replica" -dst "$p_source" -bulkload false -mapreduce false ;;
        verify)
            becomes 30 0.5 not_in_bulkload "$p_source" ;;
    esac
}

step_settled() {
    case $1 in
        about)
            number=10 title="The copied rows have been replicated, too" ;;
        verify)
            becomes 43200 1 caught_up "$p_source" "$p_replica" ;;
    esac
}

step_compare() {
    case $1 in
        about)
            number=11 title="Both tables hold equal data" ;;
        verify)
            becomes 600 2 same_data "$p_source" "$p_replica" ;;
    esac
}

# The clusters remember that the tables may differ until an administrator says that they do not.
step_clear_alarm() {
    case $1 in
        about)
            number=12 title="The tables count as equal again"
            repeatable=true ;;
        commands)
            run 60 maprcli alarm clear -alarm VOLUME_ALARM_TABLE_REPL_ERROR -entity "$p_source" -cluster "$(cluster_of "$p_source")" ;;
        verify)
            becomes 60 0.5 link_healthy "$p_source" "$p_replica" ;;
    esac
}

step_clear_reverse_alarm() {
    case $1 in
        about)
            number=13 title="They count as equal again at ${p_replica}"
            repeatable=true ;;
        when)
            holds is_true "$p_multimaster" ;;
        commands)
            run 60 maprcli alarm clear -alarm VOLUME_ALARM_TABLE_REPL_ERROR -entity "$p_replica" -cluster "$(cluster_of "$p_replica")" ;;
        verify)
            becomes 60 0.5 link_healthy "$p_replica" "$p_source" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash 8971d2e0e1a2799ad49246d16cc6aeca
#: set multimaster=true
#: set replica=/mapr/newyork/customers
#: set source=/mapr/sanfrancisco/customers
#| # Two tables that may have grown apart, because changes waited for longer than delete markers live, are made equal again.
#| runbook: replica-resync
#| title: Make {{replica}} and {{source}} equal again
#| why: >-
#|   A change that waited for longer than deletettl may have arrived where the delete that hides it was forgotten: the row
#|   is back there, and not at the other table. What waits is let through first, since it could bring back more. Then each
#|   table gets what only the other holds. Rows that were deleted and came back are kept on both sides: delete them again
#|   if they are not wanted. A table that has to go altogether, or that gets some columns only, is made anew by
#|   rebuild-replica.
#| system: maprdb
#| docs: MapR table replication, deletettl; CopyTable and DiffTables
#| parameters:
#|   source: {type: dataset, title: One table, example: /mapr/sanfrancisco/customers}
#|   replica: {type: dataset, title: The table that it replicates to, example: /mapr/newyork/customers}
#|   multimaster: {type: bool, default: "true", title: They replicate in both directions}
#| requires:
#|   - dataset-exists {{source}}
#|   - dataset-exists {{replica}}
#|
#| steps:
#|   - id: check-records
#|     title: The tables have agreed to replicate, and may be copied
#|     requires:
#|       - upstream-and-replica {{source}} {{replica}}
#|       - whole-table {{source}} {{replica}}
#|       - readable {{source}}
#|       - readable {{replica}}
#|       - not-in-bulkload {{source}}
#|       - not-in-bulkload {{replica}}
#|       - gateways-reachable {{source | cluster}} {{replica | cluster}}
#|
#|   - id: check-reverse-records
#|     title: They have agreed in the other direction, too
#|     when: "{{multimaster}}"
#|     requires:
#|       - upstream-and-replica {{replica}} {{source}}
#|       - whole-table {{replica}} {{source}}
#|       - gateways-reachable {{replica | cluster}} {{source | cluster}}
#|
#|   - id: let-through
#|     title: What waits for {{replica}} is let through
#|     target: "{{source}}"
#|     done-when: link-healthy {{source}} {{replica}}
#|     do: maprcli table replica resume -path {{source}} -replica {{replica}}
#|     retry: {attempts: 3, on: [transient, unreachable], delay: 2s}
#|     verify: {becomes: "link-healthy {{source}} {{replica}}", within: 5m}
#|     undo: maprcli table replica pause -path {{source}} -replica {{replica}}
#|
#|   - id: let-through-reverse
#|     title: What waits for {{source}} is let through
#|     when: "{{multimaster}}"
#|     target: "{{replica}}"
#|     done-when: link-healthy {{replica}} {{source}}
#|     do: maprcli table replica resume -path {{replica}} -replica {{source}}
#|     retry: {attempts: 3, on: [transient, unreachable], delay: 2s}
#|     verify: {becomes: "link-healthy {{replica}} {{source}}", within: 5m}
#|     undo: maprcli table replica pause -path {{replica}} -replica {{source}}
#|
#|   - id: catch-up
#|     title: Nothing waits for {{replica}} any more
#|     verify: {becomes: "caught-up {{source}} {{replica}}", within: 12h, interval: 1s}
#|
#|   - id: catch-up-reverse
#|     title: Nothing waits for {{source}} any more
#|     when: "{{multimaster}}"
#|     verify: {becomes: "caught-up {{replica}} {{source}}", within: 12h, interval: 1s}
#|
#|   - id: pause-writers
#|     title: Nobody writes while the tables are compared
#|     human: Stop the clients of {{source}} and of {{replica}} until this run has ended.
#|
#|   - id: copy
#|     title: "{{replica}} gets what only {{source}} holds"
#|     target: "{{replica}}"
#|     done-when: same-data {{source}} {{replica}}
#|     do: >-
#|       hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src {{source}} -dst {{replica}} -bulkload false
#|       -mapreduce false
#|     repeatable: true
#|     timeout: 12h
#|     verify: not-in-bulkload {{replica}}
#|     undo: none
#|
#|   - id: copy-back
#|     title: "{{source}} gets what only {{replica}} holds"
#|     when: "{{multimaster}}"
#|     target: "{{source}}"
#|     done-when: same-data {{source}} {{replica}}
#|     do: >-
#|       hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src {{replica}} -dst {{source}} -bulkload false
#|       -mapreduce false
#|     repeatable: true
#|     timeout: 12h
#|     verify: not-in-bulkload {{source}}
#|     undo: none
#|
#|   - id: settled
#|     title: The copied rows have been replicated, too
#|     verify: {becomes: "caught-up {{source}} {{replica}}", within: 12h, interval: 1s}
#|
#|   - id: compare
#|     title: Both tables hold equal data
#|     verify: {becomes: "same-data {{source}} {{replica}}", within: 10m, interval: 2s}
#|
#|   - id: clear-alarm
#|     title: The tables count as equal again
#|     why: The clusters remember that the tables may differ until an administrator says that they do not.
#|     target: "{{source}}"
#|     do: >-
#|       maprcli alarm clear -alarm VOLUME_ALARM_TABLE_REPL_ERROR -entity {{source}} -cluster {{source | cluster}}
#|     repeatable: true
#|     verify: {becomes: "link-healthy {{source}} {{replica}}", within: 1m}
#|     undo: none
#|
#|   - id: clear-reverse-alarm
#|     title: They count as equal again at {{replica}}
#|     when: "{{multimaster}}"
#|     target: "{{replica}}"
#|     do: >-
#|       maprcli alarm clear -alarm VOLUME_ALARM_TABLE_REPL_ERROR -entity {{replica}} -cluster {{replica | cluster}}
#|     repeatable: true
#|     verify: {becomes: "link-healthy {{replica}} {{source}}", within: 1m}
#|     undo: none
#: end
