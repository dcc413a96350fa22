# --- The steps ---
step_ids=(
    look-stream
    look-table
    not-in-use
    is-a-leftover
    deregister-stream
    deregister-table
    delete-stream
    delete-table
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        look-stream | look-table | deregister-stream | deregister-table | delete-stream | delete-table) return 0 ;;
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

# Expect: The replica's row, paused, when the failure came after the registration; no row when it came before.
step_look_stream() {
    case $1 in
        about)
            number=1 title="What is there"
            repeatable=true ;;
        when)
            holds equal "$p_kind" stream ;;
        commands)
            run 60 maprcli stream replica list -path "$p_source" -refreshnow true ;;
        verify)
            becomes 30 0.5 dataset_exists "$p_source" ;;
    esac
}

# Expect: The replica's row, paused, when the failure came after the registration; no row when it came before.
step_look_table() {
    case $1 in
        about)
            number=2 title="What is there"
            repeatable=true ;;
        when)
            holds equal "$p_kind" table ;;
        commands)
            run 60 maprcli table replica list -path "$p_source" -refreshnow true ;;
        verify)
            becomes 30 0.5 dataset_exists "$p_source" ;;
    esac
}

# A replica that is in step is no leftover.
step_not_in_use() {
    case $1 in
        about)
            number=3 title="The replica is not one that works" ;;
        when)
            holds replica_listed "$p_source" "$p_replica" ;;
        requires)
            holds replica_paused "$p_source" "$p_replica" ;;
    esac
}

# A replica of another source, or one that feeds others, is no leftover. Where a multi-master set-up has
# registered the way back already, remove that edge at the replica first.
step_is_a_leftover() {
    case $1 in
        about)
            number=4 title="The replica belongs to this autosetup, and to nobody else" ;;
        when)
            holds dataset_exists "$p_replica" ;;
        requires)
            holds leftover_of "$p_replica" "$p_source" ;;
    esac
}

step_deregister_stream() {
    case $1 in
        about)
            number=5 title="Remove the record at the source"
            has_done_when=true irreversible="the set-up is begun anew afterwards" ;;
        when)
            holds equal "$p_kind" stream ;;
        done-when)
            holds replica_absent "$p_source" "$p_replica" ;;
        commands)
            run 60 maprcli stream replica remove -path "$p_source" -replica "$p_replica" ;;
        verify)
            becomes 30 0.5 replica_absent "$p_source" "$p_replica" ;;
    esac
}

step_deregister_table() {
    case $1 in
        about)
            number=6 title="Remove the record at the source"
            has_done_when=true irreversible="the set-up is begun anew afterwards" ;;
        when)
            holds equal "$p_kind" table ;;
        done-when)
            holds replica_absent "$p_source" "$p_replica" ;;
        commands)
            run 60 maprcli table replica remove -path "$p_source" -replica "$p_replica" ;;
        verify)
            becomes 30 0.5 replica_absent "$p_source" "$p_replica" ;;
    esac
}

# Expect: Autosetup can be tried again now, best with directcopy.
step_delete_stream() {
    case $1 in
        about)
            number=7 title="Delete the half-filled replica"
            has_done_when=true irreversible="what ${p_replica} held is gone"
            approval="What ${p_replica} holds is deleted. It accepts no upstream but ${p_source} and feeds nobody; what clients wrote to it by themselves is nowhere else."
            type_the_name="${p_replica}" ;;
        when)
            holds equal "$p_kind" stream ;;
        done-when)
            holds dataset_absent "$p_replica" ;;
        requires)
            holds leftover_of "$p_replica" "$p_source" ;;
        commands)
            run 60 maprcli stream delete -path "$p_replica" ;;
        verify)
            becomes 30 0.5 dataset_absent "$p_replica" ;;
    esac
}

# Expect: Autosetup can be tried again now, best with directcopy.
step_delete_table() {
    case $1 in
        about)
            number=8 title="Delete the half-filled replica"
            has_done_when=true irreversible="what ${p_replica} held is gone"
            approval="What ${p_replica} holds is deleted. It accepts no upstream but ${p_source} and feeds nobody; what clients wrote to it by themselves is nowhere else."
            type_the_name="${p_replica}" ;;
        when)
            holds equal "$p_kind" table ;;
        done-when)
            holds dataset_absent "$p_replica" ;;
        requires)
            holds leftover_of "$p_replica" "$p_source" ;;
        commands)
            run 60 maprcli table delete -path "$p_replica" ;;
        verify)
            becomes 30 0.5 dataset_absent "$p_replica" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash 9bbfd8ae140a55aa1ec63cac20afb3d3
#: set kind=stream
#: set replica=/mapr/newyork/activity
#: set source=/mapr/sanfrancisco/activity
#| # What an autosetup without directcopy leaves behind when it fails, taken away so that it can be tried again.
#| runbook: autosetup-cleanup
#| title: Clean up after an autosetup of {{replica}} that failed
#| why: >-
#|   Without directcopy a client makes the replica, registers it and copies. When the client, the source or the replica
#|   fails on the way, the half-filled replica stays, and so may the record at the source: both must be removed by hand
#|   before the set-up can be tried again. Nothing of the source itself is touched.
#| system: maprdb
#| docs: Replica Autosetup without Directcopy
#| parameters:
#|   source: {type: dataset, title: The source of the autosetup that failed, example: /mapr/sanfrancisco/activity}
#|   replica: {type: path, title: The replica that it left behind, example: /mapr/newyork/activity}
#|   kind: {type: enum, values: [stream, table], default: stream, title: What they are}
#| requires:
#|   - dataset-exists {{source}}
#|
#| steps:
#|   - id: look-stream
#|     title: What is there
#|     when: "{{kind}} == stream"
#|     do: maprcli stream replica list -path {{source}} -refreshnow true
#|     undo: none
#|     repeatable: true
#|     verify: dataset-exists {{source}}
#|     expect: The replica's row, paused, when the failure came after the registration; no row when it came before.
#|
#|   - id: look-table
#|     title: What is there
#|     when: "{{kind}} == table"
#|     do: maprcli table replica list -path {{source}} -refreshnow true
#|     undo: none
#|     repeatable: true
#|     verify: dataset-exists {{source}}
#|     expect: The replica's row, paused, when the failure came after the registration; no row when it came before.
#|
#|   - id: not-in-use
#|     title: The replica is not one that works
#|     why: A replica that is in step is no leftover.
#|     when: replica-listed {{source}} {{replica}}
#|     requires: replica-paused {{source}} {{replica}}
#|
#|   - id: is-a-leftover
#|     title: The replica belongs to this autosetup, and to nobody else
#|     why: >-
#|       A replica of another source, or one that feeds others, is no leftover. Where a multi-master set-up has registered
#|       the way back already, remove that edge at the replica first.
#|     when: dataset-exists {{replica}}
#|     requires: leftover-of {{replica}} {{source}}
#|
#|   - id: deregister-stream
#|     title: Remove the record at the source
#|     when: "{{kind}} == stream"
#|     target: "{{source}}"
#|     done-when: replica-absent {{source}} {{replica}}
#|     do: maprcli stream replica remove -path {{source}} -replica {{replica}}
#|     verify: replica-absent {{source}} {{replica}}
#|     irreversible: the set-up is begun anew afterwards
#|
#|   - id: deregister-table
#|     title: Remove the record at the source
#|     when: "{{kind}} == table"
#|     target: "{{source}}"
#|     done-when: replica-absent {{source}} {{replica}}
#|     do: maprcli table replica remove -path {{source}} -replica {{replica}}
#|     verify: replica-absent {{source}} {{replica}}
#|     irreversible: the set-up is begun anew afterwards
#|
#|   - id: delete-stream
#|     title: Delete the half-filled replica
#|     when: "{{kind}} == stream"
#|     target: "{{replica}}"
#|     done-when: dataset-absent {{replica}}
#|     requires: leftover-of {{replica}} {{source}}
#|     approval:
#|       text: >-
#|         What {{replica}} holds is deleted. It accepts no upstream but {{source}} and feeds nobody; what clients wrote to
#|         it by themselves is nowhere else.
#|       type-the-name: "{{replica}}"
#|     do: maprcli stream delete -path {{replica}}
#|     verify: dataset-absent {{replica}}
#|     irreversible: what {{replica}} held is gone
#|     expect: Autosetup can be tried again now, best with directcopy.
#|
#|   - id: delete-table
#|     title: Delete the half-filled replica
#|     when: "{{kind}} == table"
#|     target: "{{replica}}"
#|     done-when: dataset-absent {{replica}}
#|     requires: leftover-of {{replica}} {{source}}
#|     approval:
#|       text: >-
#|         What {{replica}} holds is deleted. It accepts no upstream but {{source}} and feeds nobody; what clients wrote to
#|         it by themselves is nowhere else.
#|       type-the-name: "{{replica}}"
#|     do: maprcli table delete -path {{replica}}
#|     verify: dataset-absent {{replica}}
#|     irreversible: what {{replica}} held is gone
#|     expect: Autosetup can be tried again now, best with directcopy.
#: end
