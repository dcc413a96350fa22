# --- The steps ---
step_ids=(
    check-pair
    pause-first
    pause-second
    drained-first
    drained-second
    change-second
    change-first
    agree
    resume-first
    resume-second
    active
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        pause-first | pause-second | change-second | change-first | resume-first | resume-second) return 0 ;;
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
}

step_check_pair() {
    case $1 in
        about)
            number=1 title="The two replicate, and agree about their tables"
            docs="Tables that differ already: restart-dr-from-scratch" ;;
        requires)
            holds dr_active "$p_first" "$p_second"
            holds dr_active "$p_second" "$p_first"
            holds same_dr_schema "$p_first" "$p_second" ;;
    esac
}

step_pause_first() {
    case $1 in
        about)
            number=2 title="${p_first} takes no writes"
            has_done_when=true repeatable=true ;;
        done-when)
            holds paused "$p_first" ;;
        commands)
            run 7200 voltadmin pause "--host=${p_first}" --wait ;;
        verify)
            becomes 30 0.5 paused "$p_first" ;;
        undo)
            undo_line 7200 voltadmin resume "--host=${p_first}" ;;
    esac
}

step_pause_second() {
    case $1 in
        about)
            number=3 title="${p_second} takes no writes"
            has_done_when=true repeatable=true ;;
        done-when)
            holds paused "$p_second" ;;
        commands)
            run 7200 voltadmin pause "--host=${p_second}" --wait ;;
        verify)
            becomes 30 0.5 paused "$p_second" ;;
        undo)
            undo_line 7200 voltadmin resume "--host=${p_second}" ;;
    esac
}

step_drained_first() {
    case $1 in
        about)
            number=4 title="${p_second} has all of ${p_first}" ;;
        verify)
            becomes 43200 1 dr_drained "$p_first" "$p_second" ;;
    esac
}

step_drained_second() {
    case $1 in
        about)
            number=5 title="${p_first} has all of ${p_second}" ;;
        when)
            holds not dr_role "$p_second" replica ;;
        verify)
            becomes 43200 1 dr_drained "$p_second" "$p_first" ;;
    esac
}

step_change_second() {
    case $1 in
        about)
            number=6 title="Change ${p_table} at ${p_second}"
            has_done_when=true safe_to_stop=false on_failure=pause irreversible="a table is changed back by a statement of its own, at both" ;;
        done-when)
            holds has_column "$p_second" "$p_table" "$p_column" ;;
        commands)
            run 60 sqlcmd "--servers=${p_second}" --port=21211 "--query=${p_statement}" ;;
        verify)
            becomes 30 0.5 has_column "$p_second" "$p_table" "$p_column" ;;
    esac
}

step_change_first() {
    case $1 in
        about)
            number=7 title="Change ${p_table} at ${p_first}"
            has_done_when=true safe_to_stop=false on_failure=pause irreversible="a table is changed back by a statement of its own, at both" ;;
        done-when)
            holds has_column "$p_first" "$p_table" "$p_column" ;;
        commands)
            run 60 sqlcmd "--servers=${p_first}" --port=21211 "--query=${p_statement}" ;;
        verify)
            becomes 30 0.5 has_column "$p_first" "$p_table" "$p_column" ;;
    esac
}

step_agree() {
    case $1 in
        about)
            number=8 title="Both agree about their tables" ;;
        verify)
            becomes 60 0.5 same_dr_schema "$p_first" "$p_second" ;;
    esac
}

step_resume_first() {
    case $1 in
        about)
            number=9 title="${p_first} takes writes"
            has_done_when=true repeatable=true ;;
        done-when)
            holds not_paused "$p_first" ;;
        commands)
            run 60 voltadmin resume "--host=${p_first}" ;;
        verify)
            becomes 30 0.5 not_paused "$p_first" ;;
        undo)
            undo_line 60 voltadmin pause "--host=${p_first}" ;;
    esac
}

step_resume_second() {
    case $1 in
        about)
            number=10 title="${p_second} takes writes"
            has_done_when=true repeatable=true ;;
        done-when)
            holds not_paused "$p_second" ;;
        commands)
            run 60 voltadmin resume "--host=${p_second}" ;;
        verify)
            becomes 30 0.5 not_paused "$p_second" ;;
        undo)
            undo_line 60 voltadmin pause "--host=${p_second}" ;;
    esac
}

step_active() {
    case $1 in
        about)
            number=11 title="Both go on" ;;
        verify)
            becomes 60 1 dr_active "$p_first" "$p_second"
            becomes 60 1 dr_active "$p_second" "$p_first"
            becomes 60 0.5 dr_covered "$p_second" "$p_first" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash 1c0e15cda5c9eb388792d8e34d4a32cb
#: set column=place
#: set first=tokyo
#: set second=oslo
#: set statement=ALTER TABLE stock ADD COLUMN place VARCHAR(20)
#: set table=stock
#| # One statement of DDL at both clusters, in the order that does not stall them.
#| runbook: schema-change-without-deadlock
#| title: "{{statement}} at {{first}} and {{second}}"
#| why: >-
#|   DDL is not replicated. A row of a table that the other side has otherwise stops that stream; with writers on both
#|   sides both streams stop, and each waits for the other for ever, or they go apart. So nobody writes until both have
#|   the change, and what was on its way has arrived before it.
#| system: voltdb
#| docs: VoltDB, Using VoltDB, Updating the schema while replication runs
#| parameters:
#|   first: {type: cluster, title: A cluster, example: tokyo}
#|   second: {type: cluster, title: The other one, example: oslo}
#|   table: {type: text, title: The table that changes, example: stock}
#|   column: {type: text, title: The column that it has afterwards, example: place}
#|   statement: {type: text, title: The statement of DDL, example: "ALTER TABLE stock ADD COLUMN place VARCHAR(20)"}
#|
#| steps:
#|   - id: check-pair
#|     title: The two replicate, and agree about their tables
#|     requires:
#|       - dr-active {{first}} {{second}}
#|       - dr-active {{second}} {{first}}
#|       - same-dr-schema {{first}} {{second}}
#|     docs: "Tables that differ already: restart-dr-from-scratch"
#|
#|   - id: pause-first
#|     title: "{{first}} takes no writes"
#|     target: "{{first}}"
#|     done-when: paused {{first}}
#|     do: voltadmin pause --host={{first}} --wait
#|     repeatable: true
#|     timeout: 2h
#|     verify: paused {{first}}
#|     undo: voltadmin resume --host={{first}}
#|
#|   - id: pause-second
#|     title: "{{second}} takes no writes"
#|     target: "{{second}}"
#|     done-when: paused {{second}}
#|     do: voltadmin pause --host={{second}} --wait
#|     repeatable: true
#|     timeout: 2h
#|     verify: paused {{second}}
#|     undo: voltadmin resume --host={{second}}
#|
#|   - id: drained-first
#|     title: "{{second}} has all of {{first}}"
#|     verify: {becomes: "dr-drained {{first}} {{second}}", within: 12h, interval: 1s}
#|
#|   - id: drained-second
#|     title: "{{first}} has all of {{second}}"
#|     when: not dr-role {{second}} replica
#|     verify: {becomes: "dr-drained {{second}} {{first}}", within: 12h, interval: 1s}
#|
#|   - id: change-second
#|     title: Change {{table}} at {{second}}
#|     target: "{{second}}"
#|     done-when: has-column {{second}} {{table}} {{column}}
#|     do: sqlcmd --servers={{second}} --port=21211 --query={{statement}}
#|     verify: has-column {{second}} {{table}} {{column}}
#|     irreversible: a table is changed back by a statement of its own, at both
#|     safe-to-stop: false
#|     on-failure: pause
#|
#|   - id: change-first
#|     title: Change {{table}} at {{first}}
#|     target: "{{first}}"
#|     done-when: has-column {{first}} {{table}} {{column}}
#|     do: sqlcmd --servers={{first}} --port=21211 --query={{statement}}
#|     verify: has-column {{first}} {{table}} {{column}}
#|     irreversible: a table is changed back by a statement of its own, at both
#|     safe-to-stop: false
#|     on-failure: pause
#|
#|   - id: agree
#|     title: Both agree about their tables
#|     verify: {becomes: "same-dr-schema {{first}} {{second}}", within: 1m}
#|
#|   - id: resume-first
#|     title: "{{first}} takes writes"
#|     target: "{{first}}"
#|     done-when: not-paused {{first}}
#|     do: voltadmin resume --host={{first}}
#|     repeatable: true
#|     verify: not-paused {{first}}
#|     undo: voltadmin pause --host={{first}}
#|
#|   - id: resume-second
#|     title: "{{second}} takes writes"
#|     target: "{{second}}"
#|     done-when: not-paused {{second}}
#|     do: voltadmin resume --host={{second}}
#|     repeatable: true
#|     verify: not-paused {{second}}
#|     undo: voltadmin pause --host={{second}}
#|
#|   - id: active
#|     title: Both go on
#|     verify:
#|       - {becomes: "dr-active {{first}} {{second}}", within: 1m, interval: 1s}
#|       - {becomes: "dr-active {{second}} {{first}}", within: 1m, interval: 1s}
#|       - {becomes: "dr-covered {{second}} {{first}}", within: 1m}
#: end
