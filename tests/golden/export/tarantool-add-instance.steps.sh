# --- The steps ---
step_ids=(
    check-replica-set
    check-new
    configure
    start
    reload-first
    reload-other
    compare
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        configure | start | reload-first | reload-other) return 0 ;;
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

step_check_replica_set() {
    case $1 in
        about)
            number=1 title="${p_like} takes writes, so that it can register a member" ;;
        requires)
            holds instance_ready "${p_app}:${p_like}"
            holds read_write "${p_app}:${p_like}" ;;
    esac
}

step_check_new() {
    case $1 in
        about)
            number=2 title="${p_instance} has no data of another life" ;;
        when)
            holds instance_stopped "${p_app}:${p_instance}" ;;
        requires)
            holds data_absent "${p_app}:${p_instance}" ;;
    esac
}

step_configure() {
    case $1 in
        about)
            number=3 title="Configure ${p_instance}"
            has_done_when=true repeatable=true ;;
        done-when)
            holds configured "${p_app}:${p_instance}" ;;
        commands)
            run 60 instance add "${p_app}:${p_instance}" "${p_app}:${p_like}" "$p_listen" "$p_mode" ;;
        verify)
            becomes 30 0.5 configured "${p_app}:${p_instance}"
            becomes 30 0.5 config_has "${p_app}:${p_instance}" iproto.listen "[{uri: '${p_listen}'}]" ;;
        undo)
            undo_line 60 instance remove "${p_app}:${p_instance}" ;;
    esac
}

# Expect: It is a member from now on; an undo leaves that row, tarantool-remove-instance takes it out.
step_start() {
    case $1 in
        about)
            number=4 title="Start ${p_instance}, which joins"
            has_done_when=true ;;
        done-when)
            holds instance_ready "${p_app}:${p_instance}" ;;
        commands)
            run 43200 tt start "${p_app}:${p_instance}" ;;
        verify)
            becomes 43200 1 instance_ready "${p_app}:${p_instance}"
            becomes 60 0.5 registered "${p_app}:${p_instance}" "${p_app}:${p_like}"
            becomes 300 0.5 follows "${p_app}:${p_instance}" "${p_app}:${p_like}" ;;
        undo)
            undo_line 43200 tt stop -y "${p_app}:${p_instance}" ;;
    esac
}

step_reload_first() {
    case $1 in
        about)
            number=5 title="${p_like} follows ${p_instance}"
            has_done_when=true repeatable=true ;;
        done-when)
            holds follows "${p_app}:${p_like}" "${p_app}:${p_instance}" ;;
        commands)
            run 60 box "${p_app}:${p_like}" 'require('\''config'\''):reload()' ;;
        verify)
            becomes 60 0.5 follows "${p_app}:${p_like}" "${p_app}:${p_instance}" ;;
    esac
}

step_reload_other() {
    case $1 in
        about)
            number=6 title="${p_other} follows ${p_instance}"
            has_done_when=true repeatable=true ;;
        when)
            holds not equal "$p_other" '' ;;
        done-when)
            holds follows "${p_app}:${p_other}" "${p_app}:${p_instance}" ;;
        commands)
            run 60 box "${p_app}:${p_other}" 'require('\''config'\''):reload()' ;;
        verify)
            becomes 60 0.5 follows "${p_app}:${p_other}" "${p_app}:${p_instance}" ;;
    esac
}

step_compare() {
    case $1 in
        about)
            number=7 title="It holds what ${p_like} holds" ;;
        verify)
            becomes 43200 1 caught_up "${p_app}:${p_like}" "${p_app}:${p_instance}"
            becomes 600 2 same_data "${p_app}:${p_like}" "${p_app}:${p_instance}" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash 41e54e4f93664101560f083996d5e2b1
#: set app=master_master
#: set instance=instance003
#: set like=instance001
#: set listen=127.0.0.1:3303
#: set mode=rw
#: set other=
#| # One more instance joins a replica set.
#| runbook: tarantool-add-instance
#| title: Add {{instance}} to {{app}}
#| why: >-
#|   A new instance joins by itself, but the old ones follow it only once they have read the configuration again: without
#|   that, what is written at the new one reaches nobody.
#| system: tarantool
#| docs: Tarantool, Master-replica, Adding instances
#| parameters:
#|   app: {type: text, title: The application, example: master_master}
#|   instance: {type: text, title: The new instance, example: instance003}
#|   like: {type: text, title: An instance of the replica set that takes writes, example: instance001}
#|   other: {type: text, default: "", title: Another instance of it that reads the configuration again, example: instance002}
#|   listen: {type: text, title: Where the new one listens, example: "127.0.0.1:3303"}
#|   mode: {type: enum, values: [ro, rw], default: rw, title: Whether it takes writes}
#|
#| steps:
#|   - id: check-replica-set
#|     title: "{{like}} takes writes, so that it can register a member"
#|     requires:
#|       - instance-ready {{app}}:{{like}}
#|       - read-write {{app}}:{{like}}
#|
#|   - id: check-new
#|     title: "{{instance}} has no data of another life"
#|     when: instance-stopped {{app}}:{{instance}}
#|     requires: data-absent {{app}}:{{instance}}
#|
#|   - id: configure
#|     title: Configure {{instance}}
#|     target: "{{app}}:{{instance}}"
#|     done-when: configured {{app}}:{{instance}}
#|     do: instance add {{app}}:{{instance}} {{app}}:{{like}} {{listen}} {{mode}}
#|     repeatable: true
#|     verify:
#|       - configured {{app}}:{{instance}}
#|       - >-
#|         config-has {{app}}:{{instance}} iproto.listen "[{uri: '{{listen}}'}]"
#|     undo: instance remove {{app}}:{{instance}}
#|
#|   - id: start
#|     title: Start {{instance}}, which joins
#|     target: "{{app}}:{{instance}}"
#|     done-when: instance-ready {{app}}:{{instance}}
#|     do: tt start {{app}}:{{instance}}
#|     timeout: 12h
#|     verify:
#|       - {becomes: "instance-ready {{app}}:{{instance}}", within: 12h, interval: 1s}
#|       - {becomes: "registered {{app}}:{{instance}} {{app}}:{{like}}", within: 1m}
#|       - {becomes: "follows {{app}}:{{instance}} {{app}}:{{like}}", within: 5m}
#|     undo: tt stop -y {{app}}:{{instance}}
#|     expect: It is a member from now on; an undo leaves that row, tarantool-remove-instance takes it out.
#|
#|   - id: reload-first
#|     title: "{{like}} follows {{instance}}"
#|     target: "{{app}}:{{like}}"
#|     done-when: follows {{app}}:{{like}} {{app}}:{{instance}}
#|     do: box {{app}}:{{like}} "require('config'):reload()"
#|     repeatable: true
#|     verify: {becomes: "follows {{app}}:{{like}} {{app}}:{{instance}}", within: 1m}
#|     undo: none
#|
#|   - id: reload-other
#|     title: "{{other}} follows {{instance}}"
#|     when: "{{other}} != ''"
#|     target: "{{app}}:{{other}}"
#|     done-when: follows {{app}}:{{other}} {{app}}:{{instance}}
#|     do: box {{app}}:{{other}} "require('config'):reload()"
#|     repeatable: true
#|     verify: {becomes: "follows {{app}}:{{other}} {{app}}:{{instance}}", within: 1m}
#|     undo: none
#|
#|   - id: compare
#|     title: It holds what {{like}} holds
#|     verify:
#|       - {becomes: "caught-up {{app}}:{{like}} {{app}}:{{instance}}", within: 12h, interval: 1s}
#|       - {becomes: "same-data {{app}}:{{like}} {{app}}:{{instance}}", within: 10m, interval: 2s}
#: end
