# --- The steps ---
step_ids=(
    check-keeper
    no-writes
    drain
    disconnect
    disconnect-other
    stop
    unconfigure
    reload
    reload-other
    unregister
    compare
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        no-writes | disconnect | disconnect-other | stop | unconfigure | reload | reload-other | unregister) return 0 ;;
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

step_check_keeper() {
    case $1 in
        about)
            number=1 title="${p_keeper} takes writes, and knows ${p_instance} as member ${p_id}" ;;
        requires)
            holds instance_ready "${p_app}:${p_keeper}"
            holds read_write "${p_app}:${p_keeper}"
            holds member_id "${p_app}:${p_instance}" "${p_app}:${p_keeper}" "$p_id" ;;
    esac
}

step_no_writes() {
    case $1 in
        about)
            number=2 title="${p_instance} takes no writes from now on"
            has_done_when=true repeatable=true line_count=2 ;;
        done-when)
            holds read_only "${p_app}:${p_instance}" ;;
        commands)
            run 60 instance set "${p_app}:${p_instance}" database.mode ro &&
            run 60 box "${p_app}:${p_instance}" 'require('\''config'\''):reload()' ;;
        verify)
            becomes 30 0.5 read_only "${p_app}:${p_instance}" ;;
        undo)
            undo_line 60 instance set "${p_app}:${p_instance}" database.mode rw
            undo_line 60 box "${p_app}:${p_instance}" 'require('\''config'\''):reload()' ;;
    esac
}

step_drain() {
    case $1 in
        about)
            number=3 title="${p_keeper} has every row of ${p_instance}" ;;
        verify)
            becomes 43200 1 caught_up "${p_app}:${p_instance}" "${p_app}:${p_keeper}"
            becomes 600 2 rows_only_here "${p_app}:${p_instance}" "${p_app}:${p_keeper}" 0 ;;
    esac
}

step_disconnect() {
    case $1 in
        about)
            number=4 title="Nobody follows ${p_instance} any more"
            has_done_when=true repeatable=true line_count=2 ;;
        done-when)
            holds config_has "${p_app}:${p_instance}" iproto.listen ''
            holds no_upstream "${p_app}:${p_keeper}" "${p_app}:${p_instance}" ;;
        commands)
            run 60 instance unset "${p_app}:${p_instance}" iproto.listen &&
            run 60 box "${p_app}:${p_keeper}" 'require('\''config'\''):reload()' ;;
        verify)
            becomes 60 0.5 no_upstream "${p_app}:${p_keeper}" "${p_app}:${p_instance}" ;;
        undo)
            undo_line 60 instance set "${p_app}:${p_instance}" iproto.listen "[{uri: '${p_listen}'}]"
            undo_line 60 box "${p_app}:${p_keeper}" 'require('\''config'\''):reload()' ;;
    esac
}

step_disconnect_other() {
    case $1 in
        about)
            number=5 title="${p_other} does not follow it either"
            has_done_when=true repeatable=true ;;
        when)
            holds not equal "$p_other" '' ;;
        done-when)
            holds no_upstream "${p_app}:${p_other}" "${p_app}:${p_instance}" ;;
        commands)
            run 60 box "${p_app}:${p_other}" 'require('\''config'\''):reload()' ;;
        verify)
            becomes 60 0.5 no_upstream "${p_app}:${p_other}" "${p_app}:${p_instance}" ;;
    esac
}

step_stop() {
    case $1 in
        about)
            number=6 title="Stop ${p_instance}"
            has_done_when=true ;;
        done-when)
            holds instance_stopped "${p_app}:${p_instance}" ;;
        commands)
            run 120 tt stop -y "${p_app}:${p_instance}" ;;
        verify)
            becomes 30 0.5 instance_stopped "${p_app}:${p_instance}" ;;
        undo)
            undo_line 120 tt start "${p_app}:${p_instance}" ;;
    esac
}

# Expect: An undo gives it its address and mode again, and no other options that it had.
step_unconfigure() {
    case $1 in
        about)
            number=7 title="Take it out of instances.yml and config.yaml"
            has_done_when=true repeatable=true ;;
        done-when)
            holds not_configured "${p_app}:${p_instance}" ;;
        commands)
            run 60 instance remove "${p_app}:${p_instance}" ;;
        verify)
            becomes 30 0.5 not_configured "${p_app}:${p_instance}" ;;
        undo)
            undo_line 60 instance add "${p_app}:${p_instance}" "${p_app}:${p_keeper}" "$p_listen" ro ;;
    esac
}

step_reload() {
    case $1 in
        about)
            number=8 title="${p_keeper} reads the configuration again"
            repeatable=true ;;
        commands)
            run 60 box "${p_app}:${p_keeper}" 'require('\''config'\''):reload()' ;;
        verify)
            becomes 30 0.5 instance_ready "${p_app}:${p_keeper}" ;;
    esac
}

step_reload_other() {
    case $1 in
        about)
            number=9 title="${p_other} reads it, too"
            repeatable=true ;;
        when)
            holds not equal "$p_other" '' ;;
        commands)
            run 60 box "${p_app}:${p_other}" 'require('\''config'\''):reload()' ;;
        verify)
            becomes 30 0.5 instance_ready "${p_app}:${p_other}" ;;
    esac
}

# As long as the row is there, the others keep their logs for it.
step_unregister() {
    case $1 in
        about)
            number=10 title="Delete member ${p_id} from _cluster"
            has_done_when=true irreversible="its id is free for another instance"
            approval="${p_instance} may never come back with its data: its id is free for another instance from now on."
            type_the_name="${p_instance}" ;;
        done-when)
            holds not_registered "${p_app}:${p_instance}" "${p_app}:${p_keeper}" ;;
        requires)
            holds member_id "${p_app}:${p_instance}" "${p_app}:${p_keeper}" "$p_id" ;;
        commands)
            run 60 box "${p_app}:${p_keeper}" "box.space._cluster:delete(${p_id})" ;;
        verify)
            becomes 30 0.5 not_registered "${p_app}:${p_instance}" "${p_app}:${p_keeper}" ;;
    esac
}

step_compare() {
    case $1 in
        about)
            number=11 title="Those that stay hold equal rows" ;;
        when)
            holds not equal "$p_other" '' ;;
        verify)
            becomes 600 2 same_data "${p_app}:${p_keeper}" "${p_app}:${p_other}" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash b938e2d1f2621957bcd1d225245904d0
#: set app=master_master
#: set id=3
#: set instance=instance003
#: set keeper=instance001
#: set listen=127.0.0.1:3303
#: set other=
#| # An instance leaves its replica set, and its row in _cluster with it.
#| runbook: tarantool-remove-instance
#| title: Remove {{instance}} from {{app}}
#| why: >-
#|   An instance that is only stopped stays a member: the others keep every log for it until the disk is full. One that is
#|   removed while it takes writes loses what it did not send. So: read-only, drained, disconnected, stopped,
#|   unconfigured, and at last out of _cluster.
#| system: tarantool
#| docs: Tarantool, Master-replica, Removing instances
#| parameters:
#|   app: {type: text, title: The application, example: master_master}
#|   instance: {type: text, title: The instance that goes, example: instance003}
#|   id: {type: integer, title: Its member id (box.info.id), example: "3"}
#|   keeper: {type: text, title: An instance that stays and takes writes, example: instance001}
#|   other: {type: text, default: "", title: Another one that stays, example: instance002}
#|   listen: {type: text, title: Where the one that goes listens, example: "127.0.0.1:3303"}
#|
#| steps:
#|   - id: check-keeper
#|     title: "{{keeper}} takes writes, and knows {{instance}} as member {{id}}"
#|     requires:
#|       - instance-ready {{app}}:{{keeper}}
#|       - read-write {{app}}:{{keeper}}
#|       - member-id {{app}}:{{instance}} {{app}}:{{keeper}} {{id}}
#|
#|   - id: no-writes
#|     title: "{{instance}} takes no writes from now on"
#|     target: "{{app}}:{{instance}}"
#|     done-when: read-only {{app}}:{{instance}}
#|     do:
#|       - instance set {{app}}:{{instance}} database.mode ro
#|       - box {{app}}:{{instance}} "require('config'):reload()"
#|     repeatable: true
#|     verify: {becomes: "read-only {{app}}:{{instance}}", within: 30s}
#|     undo:
#|       - instance set {{app}}:{{instance}} database.mode rw
#|       - box {{app}}:{{instance}} "require('config'):reload()"
#|
#|   - id: drain
#|     title: "{{keeper}} has every row of {{instance}}"
#|     verify:
#|       - {becomes: "caught-up {{app}}:{{instance}} {{app}}:{{keeper}}", within: 12h, interval: 1s}
#|       - {becomes: "rows-only-here {{app}}:{{instance}} {{app}}:{{keeper}} 0", within: 10m, interval: 2s}
#|
#|   - id: disconnect
#|     title: Nobody follows {{instance}} any more
#|     target: ["{{app}}:{{keeper}}"]
#|     done-when:
#|       - config-has {{app}}:{{instance}} iproto.listen ''
#|       - no-upstream {{app}}:{{keeper}} {{app}}:{{instance}}
#|     do:
#|       - instance unset {{app}}:{{instance}} iproto.listen
#|       - box {{app}}:{{keeper}} "require('config'):reload()"
#|     repeatable: true
#|     verify: {becomes: "no-upstream {{app}}:{{keeper}} {{app}}:{{instance}}", within: 1m}
#|     undo:
#|       - >-
#|         instance set {{app}}:{{instance}} iproto.listen "[{uri: '{{listen}}'}]"
#|       - box {{app}}:{{keeper}} "require('config'):reload()"
#|
#|   - id: disconnect-other
#|     title: "{{other}} does not follow it either"
#|     when: "{{other}} != ''"
#|     target: "{{app}}:{{other}}"
#|     done-when: no-upstream {{app}}:{{other}} {{app}}:{{instance}}
#|     do: box {{app}}:{{other}} "require('config'):reload()"
#|     repeatable: true
#|     verify: {becomes: "no-upstream {{app}}:{{other}} {{app}}:{{instance}}", within: 1m}
#|     undo: none
#|
#|   - id: stop
#|     title: Stop {{instance}}
#|     target: "{{app}}:{{instance}}"
#|     done-when: instance-stopped {{app}}:{{instance}}
#|     do: tt stop -y {{app}}:{{instance}}
#|     timeout: 2m
#|     verify: instance-stopped {{app}}:{{instance}}
#|     undo: tt start {{app}}:{{instance}}
#|
#|   - id: unconfigure
#|     title: Take it out of instances.yml and config.yaml
#|     target: "{{app}}:{{instance}}"
#|     done-when: not-configured {{app}}:{{instance}}
#|     do: instance remove {{app}}:{{instance}}
#|     repeatable: true
#|     verify: not-configured {{app}}:{{instance}}
#|     undo: instance add {{app}}:{{instance}} {{app}}:{{keeper}} {{listen}} ro
#|     expect: An undo gives it its address and mode again, and no other options that it had.
#|
#|   - id: reload
#|     title: "{{keeper}} reads the configuration again"
#|     target: "{{app}}:{{keeper}}"
#|     do: box {{app}}:{{keeper}} "require('config'):reload()"
#|     repeatable: true
#|     verify: instance-ready {{app}}:{{keeper}}
#|     undo: none
#|
#|   - id: reload-other
#|     title: "{{other}} reads it, too"
#|     when: "{{other}} != ''"
#|     target: "{{app}}:{{other}}"
#|     do: box {{app}}:{{other}} "require('config'):reload()"
#|     repeatable: true
#|     verify: instance-ready {{app}}:{{other}}
#|     undo: none
#|
#|   - id: unregister
#|     title: Delete member {{id}} from _cluster
#|     why: As long as the row is there, the others keep their logs for it.
#|     target: "{{app}}:{{keeper}}"
#|     done-when: not-registered {{app}}:{{instance}} {{app}}:{{keeper}}
#|     requires: member-id {{app}}:{{instance}} {{app}}:{{keeper}} {{id}}
#|     approval:
#|       text: "{{instance}} may never come back with its data: its id is free for another instance from now on."
#|       type-the-name: "{{instance}}"
#|     do: box {{app}}:{{keeper}} "box.space._cluster:delete({{id}})"
#|     verify: not-registered {{app}}:{{instance}} {{app}}:{{keeper}}
#|     irreversible: its id is free for another instance
#|
#|   - id: compare
#|     title: Those that stay hold equal rows
#|     when: "{{other}} != ''"
#|     verify: {becomes: "same-data {{app}}:{{keeper}} {{app}}:{{other}}", within: 10m, interval: 2s}
#: end
