# --- The steps ---
step_ids=(
    check-instances
    check-conflict
    look-at-rows
    rebootstrap
    skip-conflicts
    install-trigger
    restart-keep
    restart-other
    catch-up
    write-right-rows
    compare
    skip-no-more
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        skip-conflicts | restart-keep | restart-other | skip-no-more) return 0 ;;
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

step_check_instances() {
    case $1 in
        about)
            number=1 title="Both are up" ;;
        requires)
            holds instance_ready "${p_app}:${p_keep}"
            holds instance_ready "${p_app}:${p_other}"
            holds config_has "${p_app}:${p_keep}" iproto.listen "[{uri: '${p_keep_listen}'}]"
            holds config_has "${p_app}:${p_other}" iproto.listen "[{uri: '${p_other_listen}'}]" ;;
    esac
}

step_check_conflict() {
    case $1 in
        about)
            number=2 title="${p_keep} has stopped following ${p_other}" ;;
        requires)
            holds upstream_stopped "${p_app}:${p_keep}" "${p_app}:${p_other}" ;;
    esac
}

step_look_at_rows() {
    case $1 in
        about)
            number=3 title="The rows that differ are few, and known" ;;
        verify)
            becomes 30 0.5 rows_only_here "${p_app}:${p_other}" "${p_app}:${p_keep}" "$p_rows_differ"
            becomes 30 0.5 rows_only_here "${p_app}:${p_keep}" "${p_app}:${p_other}" "$p_rows_differ" ;;
    esac
}

step_rebootstrap() {
    case $1 in
        about)
            number=4 title="Rebootstrap ${p_other} from ${p_keep}"
            kind=human instruction="Run: tributary run tarantool-rebootstrap --set app=${p_app} --set wiped=${p_other} --set keeper=${p_keep} --set listen=${p_keep_listen} --set save=lost-rows.jsonl, once the run at hand is over; it lists what is lost" ;;
        when)
            holds equal "$p_way" rebootstrap ;;
        verify)
            becomes 30 0.5 instance_runs "${p_app}:${p_keep}" ;;
    esac
}

# With one side alone the other one's applier would stop again, at the same key.
step_skip_conflicts() {
    case $1 in
        about)
            number=5 title="Both skip rows whose key they have"
            has_done_when=true repeatable=true line_count=2
            approval="Rows that clash are skipped at both: ${p_keep} and ${p_other} differ until the right rows are written at ${p_keep}." ;;
        when)
            holds equal "$p_way" skip ;;
        done-when)
            holds config_has "${p_app}:${p_keep}" replication.skip_conflict true
            holds config_has "${p_app}:${p_other}" replication.skip_conflict true ;;
        commands)
            run 60 instance set "${p_app}:${p_keep}" replication.skip_conflict true &&
            run 60 instance set "${p_app}:${p_other}" replication.skip_conflict true ;;
        verify)
            becomes 30 0.5 config_has "${p_app}:${p_keep}" replication.skip_conflict true
            becomes 30 0.5 config_has "${p_app}:${p_other}" replication.skip_conflict true ;;
        undo)
            undo_line 60 instance unset "${p_app}:${p_keep}" replication.skip_conflict
            undo_line 60 instance unset "${p_app}:${p_other}" replication.skip_conflict ;;
    esac
}

step_install_trigger() {
    case $1 in
        about)
            number=6 title="Both have a trigger that decides"
            kind=human instruction="Give every space that can clash a before_replace trigger at both instances, set in box.ctl.on_schema_init, which returns the old tuple to keep it, or box.tuple.new(new) to take the new one; a new object is needed" ;;
        when)
            holds equal "$p_way" trigger ;;
        verify)
            becomes 30 0.5 instance_ready "${p_app}:${p_keep}" ;;
    esac
}

# An equal configuration restarts nothing; without its own address its list of peers is another one.
step_restart_keep() {
    case $1 in
        about)
            number=7 title="Restart the applier of ${p_keep}"
            has_done_when=true repeatable=true line_count=4 ;;
        when)
            holds not equal "$p_way" rebootstrap ;;
        done-when)
            holds follows "${p_app}:${p_keep}" "${p_app}:${p_other}" ;;
        commands)
            run 60 instance unset "${p_app}:${p_keep}" iproto.listen &&
            run 60 box "${p_app}:${p_keep}" 'require('\''config'\''):reload()' &&
            run 60 instance set "${p_app}:${p_keep}" iproto.listen "[{uri: '${p_keep_listen}'}]" &&
            run 60 box "${p_app}:${p_keep}" 'require('\''config'\''):reload()' ;;
        verify)
            becomes 60 0.5 follows "${p_app}:${p_keep}" "${p_app}:${p_other}"
            becomes 30 0.5 config_has "${p_app}:${p_keep}" iproto.listen "[{uri: '${p_keep_listen}'}]" ;;
    esac
}

step_restart_other() {
    case $1 in
        about)
            number=8 title="Restart the applier of ${p_other}"
            has_done_when=true repeatable=true line_count=4 ;;
        when)
            holds not equal "$p_way" rebootstrap ;;
        done-when)
            holds follows "${p_app}:${p_other}" "${p_app}:${p_keep}" ;;
        commands)
            run 60 instance unset "${p_app}:${p_other}" iproto.listen &&
            run 60 box "${p_app}:${p_other}" 'require('\''config'\''):reload()' &&
            run 60 instance set "${p_app}:${p_other}" iproto.listen "[{uri: '${p_other_listen}'}]" &&
            run 60 box "${p_app}:${p_other}" 'require('\''config'\''):reload()' ;;
        verify)
            becomes 60 0.5 follows "${p_app}:${p_other}" "${p_app}:${p_keep}"
            becomes 30 0.5 config_has "${p_app}:${p_other}" iproto.listen "[{uri: '${p_other_listen}'}]" ;;
    esac
}

step_catch_up() {
    case $1 in
        about)
            number=9 title="No row is behind" ;;
        when)
            holds not equal "$p_way" rebootstrap ;;
        verify)
            becomes 43200 1 caught_up "${p_app}:${p_keep}" "${p_app}:${p_other}"
            becomes 43200 1 caught_up "${p_app}:${p_other}" "${p_app}:${p_keep}" ;;
    esac
}

step_write_right_rows() {
    case $1 in
        about)
            number=10 title="The right rows are written at ${p_keep}"
            kind=human instruction="For each row that the look above named: box.space.NAME:replace{...} at ${p_app}:${p_keep}, which brings the same row to both" ;;
        when)
            holds equal "$p_way" skip
            holds not same_data "${p_app}:${p_keep}" "${p_app}:${p_other}" ;;
        verify)
            becomes 600 2 same_data "${p_app}:${p_keep}" "${p_app}:${p_other}" ;;
    esac
}

step_compare() {
    case $1 in
        about)
            number=11 title="Both hold equal rows" ;;
        when)
            holds not equal "$p_way" rebootstrap ;;
        verify)
            becomes 600 2 same_data "${p_app}:${p_keep}" "${p_app}:${p_other}" ;;
    esac
}

# An applier that skips for ever hides that the two differ.
step_skip_no_more() {
    case $1 in
        about)
            number=12 title="The next conflict stops them again"
            has_done_when=true repeatable=true line_count=4 ;;
        when)
            holds equal "$p_way" skip ;;
        done-when)
            holds config_has "${p_app}:${p_keep}" replication.skip_conflict ''
            holds config_has "${p_app}:${p_other}" replication.skip_conflict '' ;;
        commands)
            run 60 instance unset "${p_app}:${p_keep}" replication.skip_conflict &&
            run 60 instance unset "${p_app}:${p_other}" replication.skip_conflict &&
            run 60 box "${p_app}:${p_keep}" 'require('\''config'\''):reload()' &&
            run 60 box "${p_app}:${p_other}" 'require('\''config'\''):reload()' ;;
        verify)
            becomes 30 0.5 config_has "${p_app}:${p_keep}" replication.skip_conflict ''
            becomes 30 0.5 config_has "${p_app}:${p_other}" replication.skip_conflict ''
            becomes 60 0.5 follows "${p_app}:${p_keep}" "${p_app}:${p_other}" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash 6205b64d70d1aa813e931902c4f7cf87
#: set app=master_master
#: set keep=instance001
#: set keep-listen=127.0.0.1:3301
#: set other=instance002
#: set other-listen=127.0.0.1:3302
#: set rows-differ=100
#: set way=rebootstrap
#| # An applier that stopped at a conflict goes on, by one of the three ways that work.
#| runbook: tarantool-resolve-conflict
#| title: Resolve the conflict between {{keep}} and {{other}} of {{app}}
#| why: >-
#|   Both inserted a row with one key, both appliers stopped, both sides go on taking writes. Deleting the row at one side
#|   is no way out: the other one must still replay what stands in the log. Three ways lead out, and each loses something.
#|   rebootstrap: all rows that only {{other}} has. skip: nothing at once, but the rows differ until somebody writes the
#|   right one at {{keep}}, and from then on the other value is gone; skipped rows are counted as applied, so that clocks say
#|   nothing of it. trigger: of two values the older one, for primary keys only; with a secondary unique key the
#|   applier stops all the same.
#| system: tarantool
#| docs: Tarantool, Resolving replication conflicts
#| parameters:
#|   app: {type: text, title: The application, example: master_master}
#|   keep: {type: text, title: The instance whose rows are right, example: instance001}
#|   other: {type: text, title: The other instance, example: instance002}
#|   keep-listen: {type: text, title: Where the first listens, example: "127.0.0.1:3301"}
#|   other-listen: {type: text, title: Where the other listens, example: "127.0.0.1:3302"}
#|   way: {type: enum, values: [rebootstrap, skip, trigger], default: rebootstrap, title: The way out}
#|   rows-differ: {type: integer, default: "100", title: How many rows may differ; more are no single conflict}
#|
#| steps:
#|   - id: check-instances
#|     title: Both are up
#|     requires:
#|       - instance-ready {{app}}:{{keep}}
#|       - instance-ready {{app}}:{{other}}
#|       - >-
#|         config-has {{app}}:{{keep}} iproto.listen "[{uri: '{{keep-listen}}'}]"
#|       - >-
#|         config-has {{app}}:{{other}} iproto.listen "[{uri: '{{other-listen}}'}]"
#|
#|   - id: check-conflict
#|     title: "{{keep}} has stopped following {{other}}"
#|     requires: upstream-stopped {{app}}:{{keep}} {{app}}:{{other}}
#|
#|   - id: look-at-rows
#|     title: The rows that differ are few, and known
#|     verify:
#|       - rows-only-here {{app}}:{{other}} {{app}}:{{keep}} {{rows-differ}}
#|       - rows-only-here {{app}}:{{keep}} {{app}}:{{other}} {{rows-differ}}
#|
#|   - id: rebootstrap
#|     title: Rebootstrap {{other}} from {{keep}}
#|     when: "{{way}} == rebootstrap"
#|     human: >-
#|       Run: tributary run tarantool-rebootstrap --set app={{app}} --set wiped={{other}} --set keeper={{keep}}
#|       --set listen={{keep-listen}} --set save=lost-rows.jsonl, once the run at hand is over; it lists what is lost
#|     verify: instance-runs {{app}}:{{keep}}
#|
#|   - id: skip-conflicts
#|     title: Both skip rows whose key they have
#|     why: With one side alone the other one's applier would stop again, at the same key.
#|     when: "{{way}} == skip"
#|     target: ["{{app}}:{{keep}}", "{{app}}:{{other}}"]
#|     done-when:
#|       - config-has {{app}}:{{keep}} replication.skip_conflict true
#|       - config-has {{app}}:{{other}} replication.skip_conflict true
#|     approval: "Rows that clash are skipped at both: {{keep}} and {{other}} differ until the right rows are written at {{keep}}."
#|     do:
#|       - instance set {{app}}:{{keep}} replication.skip_conflict true
#|       - instance set {{app}}:{{other}} replication.skip_conflict true
#|     repeatable: true
#|     verify:
#|       - config-has {{app}}:{{keep}} replication.skip_conflict true
#|       - config-has {{app}}:{{other}} replication.skip_conflict true
#|     undo:
#|       - instance unset {{app}}:{{keep}} replication.skip_conflict
#|       - instance unset {{app}}:{{other}} replication.skip_conflict
#|
#|   - id: install-trigger
#|     title: Both have a trigger that decides
#|     when: "{{way}} == trigger"
#|     human: >-
#|       Give every space that can clash a before_replace trigger at both instances, set in box.ctl.on_schema_init, which
#|       returns the old tuple to keep it, or box.tuple.new(new) to take the new one; a new object is needed
#|     verify: instance-ready {{app}}:{{keep}}
#|
#|   - id: restart-keep
#|     title: Restart the applier of {{keep}}
#|     why: An equal configuration restarts nothing; without its own address its list of peers is another one.
#|     when: "{{way}} != rebootstrap"
#|     target: "{{app}}:{{keep}}"
#|     done-when: follows {{app}}:{{keep}} {{app}}:{{other}}
#|     do:
#|       - instance unset {{app}}:{{keep}} iproto.listen
#|       - box {{app}}:{{keep}} "require('config'):reload()"
#|       - >-
#|         instance set {{app}}:{{keep}} iproto.listen "[{uri: '{{keep-listen}}'}]"
#|       - box {{app}}:{{keep}} "require('config'):reload()"
#|     repeatable: true
#|     verify:
#|       - {becomes: "follows {{app}}:{{keep}} {{app}}:{{other}}", within: 1m}
#|       - >-
#|         config-has {{app}}:{{keep}} iproto.listen "[{uri: '{{keep-listen}}'}]"
#|     undo: none
#|
#|   - id: restart-other
#|     title: Restart the applier of {{other}}
#|     when: "{{way}} != rebootstrap"
#|     target: "{{app}}:{{other}}"
#|     done-when: follows {{app}}:{{other}} {{app}}:{{keep}}
#|     do:
#|       - instance unset {{app}}:{{other}} iproto.listen
#|       - box {{app}}:{{other}} "require('config'):reload()"
#|       - >-
#|         instance set {{app}}:{{other}} iproto.listen "[{uri: '{{other-listen}}'}]"
#|       - box {{app}}:{{other}} "require('config'):reload()"
#|     repeatable: true
#|     verify:
#|       - {becomes: "follows {{app}}:{{other}} {{app}}:{{keep}}", within: 1m}
#|       - >-
#|         config-has {{app}}:{{other}} iproto.listen "[{uri: '{{other-listen}}'}]"
#|     undo: none
#|
#|   - id: catch-up
#|     title: No row is behind
#|     when: "{{way}} != rebootstrap"
#|     verify:
#|       - {becomes: "caught-up {{app}}:{{keep}} {{app}}:{{other}}", within: 12h, interval: 1s}
#|       - {becomes: "caught-up {{app}}:{{other}} {{app}}:{{keep}}", within: 12h, interval: 1s}
#|
#|   - id: write-right-rows
#|     title: The right rows are written at {{keep}}
#|     when:
#|       - "{{way}} == skip"
#|       - not same-data {{app}}:{{keep}} {{app}}:{{other}}
#|     human: >-
#|       For each row that the look above named: box.space.NAME:replace{...} at {{app}}:{{keep}}, which brings the same row to
#|       both
#|     verify: {becomes: "same-data {{app}}:{{keep}} {{app}}:{{other}}", within: 10m, interval: 2s}
#|
#|   - id: compare
#|     title: Both hold equal rows
#|     when: "{{way}} != rebootstrap"
#|     verify: {becomes: "same-data {{app}}:{{keep}} {{app}}:{{other}}", within: 10m, interval: 2s}
#|
#|   - id: skip-no-more
#|     title: The next conflict stops them again
#|     why: An applier that skips for ever hides that the two differ.
#|     when: "{{way}} == skip"
#|     target: ["{{app}}:{{keep}}", "{{app}}:{{other}}"]
#|     done-when:
#|       - config-has {{app}}:{{keep}} replication.skip_conflict ''
#|       - config-has {{app}}:{{other}} replication.skip_conflict ''
#|     do:
#|       - instance unset {{app}}:{{keep}} replication.skip_conflict
#|       - instance unset {{app}}:{{other}} replication.skip_conflict
#|       - box {{app}}:{{keep}} "require('config'):reload()"
#|       - box {{app}}:{{other}} "require('config'):reload()"
#|     repeatable: true
#|     verify:
#|       - config-has {{app}}:{{keep}} replication.skip_conflict ''
#|       - config-has {{app}}:{{other}} replication.skip_conflict ''
#|       - {becomes: "follows {{app}}:{{keep}} {{app}}:{{other}}", within: 1m}
#|     undo: none
#: end
