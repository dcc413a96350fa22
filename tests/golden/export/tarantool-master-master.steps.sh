# --- The steps ---
step_ids=(
    check-files
    look-at-configuration
    start
    take-writes
    follow
    catch-up
    compare
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        look-at-configuration | start) return 0 ;;
        *) return 1 ;;
    esac
}

has_line_check() {
    case $1 in
        start-1 | start-2) return 0 ;;
        *) return 1 ;;
    esac
}

runbook_requires() {
    :
}

step_check_files() {
    case $1 in
        about)
            number=1 title="Both instances are configured to take writes" ;;
        requires)
            holds configured "${p_app}:${p_first}"
            holds configured "${p_app}:${p_second}"
            holds config_has "${p_app}:${p_first}" database.mode rw
            holds config_has "${p_app}:${p_second}" database.mode rw ;;
    esac
}

step_look_at_configuration() {
    case $1 in
        about)
            number=2 title="The configuration can be read"
            repeatable=true ;;
        commands)
            run 60 tt check "$p_app" ;;
        verify)
            becomes 30 0.5 configured "${p_app}:${p_first}" ;;
    esac
}

# Neither bootstraps alone, so neither is waited for before the other was started.
step_start() {
    case $1 in
        about)
            number=3 title="Start both"
            has_done_when=true line_count=2 ;;
        done-when)
            holds instance_runs "${p_app}:${p_first}"
            holds instance_runs "${p_app}:${p_second}" ;;
        commands)
            run 120 tt start "${p_app}:${p_first}" &&
            run 120 tt start "${p_app}:${p_second}" ;;
        line-1-done)
            holds instance_runs "${p_app}:${p_first}" ;;
        line-2-done)
            holds instance_runs "${p_app}:${p_second}" ;;
        verify)
            becomes 120 0.5 instance_ready "${p_app}:${p_first}"
            becomes 120 0.5 instance_ready "${p_app}:${p_second}" ;;
        undo)
            undo_line 120 tt stop -y "${p_app}:${p_first}"
            undo_line 120 tt stop -y "${p_app}:${p_second}" ;;
    esac
}

step_take_writes() {
    case $1 in
        about)
            number=4 title="Both take writes" ;;
        verify)
            becomes 60 0.5 read_write "${p_app}:${p_first}"
            becomes 60 0.5 read_write "${p_app}:${p_second}" ;;
    esac
}

# An upstream that never connected is not listed at all, so both directions are asked for by name.
step_follow() {
    case $1 in
        about)
            number=5 title="Each follows the other" ;;
        verify)
            becomes 60 0.5 follows "${p_app}:${p_first}" "${p_app}:${p_second}"
            becomes 60 0.5 follows "${p_app}:${p_second}" "${p_app}:${p_first}"
            becomes 60 0.5 sends_to "${p_app}:${p_first}" "${p_app}:${p_second}"
            becomes 60 0.5 sends_to "${p_app}:${p_second}" "${p_app}:${p_first}" ;;
    esac
}

step_catch_up() {
    case $1 in
        about)
            number=6 title="No row is behind" ;;
        verify)
            becomes 43200 1 caught_up "${p_app}:${p_first}" "${p_app}:${p_second}"
            becomes 43200 1 caught_up "${p_app}:${p_second}" "${p_app}:${p_first}" ;;
    esac
}

step_compare() {
    case $1 in
        about)
            number=7 title="Both hold equal rows" ;;
        when)
            holds is_true "$p_compare" ;;
        verify)
            becomes 600 2 same_data "${p_app}:${p_first}" "${p_app}:${p_second}" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash 564ab646e915141cf9e577b58304dd75
#: set app=master_master
#: set compare=true
#: set first=instance001
#: set second=instance002
#| # Two configured instances are started, and each follows the other.
#| runbook: tarantool-master-master
#| title: Start {{first}} and {{second}} of {{app}} as two masters
#| why: >-
#|   Instances that run and answer may still not follow each other, or only one way. This starts both and looks at both
#|   directions, by the rows as well as by the states.
#| system: tarantool
#| docs: Tarantool, Master-master
#| parameters:
#|   app: {type: text, title: The application, example: master_master}
#|   first: {type: text, title: An instance of it, example: instance001}
#|   second: {type: text, title: The other one, example: instance002}
#|   compare: {type: bool, default: "true", title: Compare every row at the end; while clients write it takes its time}
#|
#| steps:
#|   - id: check-files
#|     title: Both instances are configured to take writes
#|     requires:
#|       - configured {{app}}:{{first}}
#|       - configured {{app}}:{{second}}
#|       - config-has {{app}}:{{first}} database.mode rw
#|       - config-has {{app}}:{{second}} database.mode rw
#|
#|   - id: look-at-configuration
#|     title: The configuration can be read
#|     do: tt check {{app}}
#|     repeatable: true
#|     verify: configured {{app}}:{{first}}
#|     undo: none
#|
#|   - id: start
#|     title: Start both
#|     why: Neither bootstraps alone, so neither is waited for before the other was started.
#|     target: ["{{app}}:{{first}}", "{{app}}:{{second}}"]
#|     done-when:
#|       - instance-runs {{app}}:{{first}}
#|       - instance-runs {{app}}:{{second}}
#|     do:
#|       - {run: "tt start {{app}}:{{first}}", done-when: "instance-runs {{app}}:{{first}}"}
#|       - {run: "tt start {{app}}:{{second}}", done-when: "instance-runs {{app}}:{{second}}"}
#|     timeout: 2m
#|     verify:
#|       - {becomes: "instance-ready {{app}}:{{first}}", within: 2m}
#|       - {becomes: "instance-ready {{app}}:{{second}}", within: 2m}
#|     undo:
#|       - tt stop -y {{app}}:{{first}}
#|       - tt stop -y {{app}}:{{second}}
#|
#|   - id: take-writes
#|     title: Both take writes
#|     verify:
#|       - {becomes: "read-write {{app}}:{{first}}", within: 1m}
#|       - {becomes: "read-write {{app}}:{{second}}", within: 1m}
#|
#|   - id: follow
#|     title: Each follows the other
#|     why: An upstream that never connected is not listed at all, so both directions are asked for by name.
#|     verify:
#|       - {becomes: "follows {{app}}:{{first}} {{app}}:{{second}}", within: 1m}
#|       - {becomes: "follows {{app}}:{{second}} {{app}}:{{first}}", within: 1m}
#|       - {becomes: "sends-to {{app}}:{{first}} {{app}}:{{second}}", within: 1m}
#|       - {becomes: "sends-to {{app}}:{{second}} {{app}}:{{first}}", within: 1m}
#|
#|   - id: catch-up
#|     title: No row is behind
#|     verify:
#|       - {becomes: "caught-up {{app}}:{{first}} {{app}}:{{second}}", within: 12h, interval: 1s}
#|       - {becomes: "caught-up {{app}}:{{second}} {{app}}:{{first}}", within: 12h, interval: 1s}
#|
#|   - id: compare
#|     title: Both hold equal rows
#|     when: "{{compare}}"
#|     verify: {becomes: "same-data {{app}}:{{first}} {{app}}:{{second}}", within: 10m, interval: 2s}
#: end
