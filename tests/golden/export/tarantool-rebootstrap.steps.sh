# --- The steps ---
step_ids=(
    check-keeper
    check-third-peers
    save-rows
    check-rows-lost
    pin-uuid
    no-writes-first
    apply-read-only
    check-again
    stop
    wipe
    start
    restart-applier
    listen-again
    compare
    writes-again
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        save-rows | pin-uuid | no-writes-first | apply-read-only | stop | wipe | start | restart-applier | listen-again | writes-again) return 0 ;;
        *) return 1 ;;
    esac
}

has_line_check() {
    case $1 in
        restart-applier-1) return 0 ;;
        *) return 1 ;;
    esac
}

runbook_requires() {
    :
}

step_check_keeper() {
    case $1 in
        about)
            number=1 title="${p_keeper} is up and takes writes" ;;
        requires)
            holds configured "${p_app}:${p_wiped}"
            holds configured "${p_app}:${p_keeper}"
            holds instance_ready "${p_app}:${p_keeper}"
            holds read_write "${p_app}:${p_keeper}"
            holds registered "${p_app}:${p_wiped}" "${p_app}:${p_keeper}"
            holds config_has "${p_app}:${p_keeper}" iproto.listen "[{uri: '${p_listen}'}]" ;;
    esac
}

# The wiped instance counts on from what the keeper knows of it. A third one that already holds those numbers
# with other rows would skip the new ones without a word. One that does not answer might be such a one.
step_check_third_peers() {
    case $1 in
        about)
            number=2 title="No third instance has more rows of ${p_wiped} than ${p_keeper}" ;;
        requires)
            holds no_third_peer_ahead "${p_app}:${p_wiped}" "${p_app}:${p_keeper}" ;;
    esac
}

step_save_rows() {
    case $1 in
        about)
            number=3 title="Save the rows that exist only at ${p_wiped}" ;;
        when)
            holds not equal "$p_save" ''
            holds is_true "$p_look" ;;
        commands)
            run 43200 instance save-rows "${p_app}:${p_wiped}" "${p_app}:${p_keeper}" "$p_save" ;;
        verify)
            becomes 30 0.5 instance_ready "${p_app}:${p_wiped}" ;;
    esac
}

# The refusal lists their keys. Save them with save=FILE, allow the loss with rows-lost=NUMBER.
step_check_rows_lost() {
    case $1 in
        about)
            number=4 title="At most ${p_rows_lost} rows exist only at ${p_wiped}" ;;
        when)
            holds is_true "$p_look" ;;
        requires)
            holds rows_only_here "${p_app}:${p_wiped}" "${p_app}:${p_keeper}" "$p_rows_lost" ;;
    esac
}

# Without its uuid the wiped instance would come with a new one and its old name, and released 3.x refuses that:
# the keeper's stopped applier still counts as a connection (ER_INSTANCE_NAME_DUPLICATE). With the uuid pinned
# the keeper knows it again, by the same id.
step_pin_uuid() {
    case $1 in
        about)
            number=5 title="Pin the uuid of ${p_wiped} in config.yaml"
            has_done_when=true ;;
        done-when)
            holds uuid_pinned "${p_app}:${p_wiped}" "${p_app}:${p_keeper}" ;;
        requires)
            holds config_has "${p_app}:${p_wiped}" database.instance_uuid '' ;;
        commands)
            run 60 instance pin-uuid "${p_app}:${p_wiped}" "${p_app}:${p_keeper}" ;;
        verify)
            becomes 30 0.5 uuid_pinned "${p_app}:${p_wiped}" "${p_app}:${p_keeper}" ;;
        undo)
            undo_line 60 instance unset "${p_app}:${p_wiped}" database.instance_uuid ;;
    esac
}

# What clients write there between the look and the wipe would be lost unseen.
step_no_writes_first() {
    case $1 in
        about)
            number=6 title="${p_wiped} takes no writes from now on"
            has_done_when=true ;;
        done-when)
            holds config_has "${p_app}:${p_wiped}" database.mode ro ;;
        commands)
            run 60 instance set "${p_app}:${p_wiped}" database.mode ro ;;
        verify)
            becomes 30 0.5 config_has "${p_app}:${p_wiped}" database.mode ro ;;
        undo)
            undo_line 60 instance set "${p_app}:${p_wiped}" database.mode rw ;;
    esac
}

step_apply_read_only() {
    case $1 in
        about)
            number=7 title="Apply it"
            has_done_when=true repeatable=true ;;
        when)
            holds instance_runs "${p_app}:${p_wiped}" ;;
        done-when)
            holds read_only "${p_app}:${p_wiped}" ;;
        commands)
            run 60 box "${p_app}:${p_wiped}" 'require('\''config'\''):reload()' ;;
        verify)
            becomes 30 0.5 read_only "${p_app}:${p_wiped}" ;;
        undo)
            undo_line 60 instance set "${p_app}:${p_wiped}" database.mode rw
            undo_line 60 box "${p_app}:${p_wiped}" 'require('\''config'\''):reload()' ;;
    esac
}

step_check_again() {
    case $1 in
        about)
            number=8 title="Still at most ${p_rows_lost} rows exist only at ${p_wiped}" ;;
        when)
            holds is_true "$p_look" ;;
        requires)
            holds rows_only_here "${p_app}:${p_wiped}" "${p_app}:${p_keeper}" "$p_rows_lost" ;;
    esac
}

step_stop() {
    case $1 in
        about)
            number=9 title="Stop ${p_wiped}"
            has_done_when=true ;;
        done-when)
            holds instance_stopped "${p_app}:${p_wiped}" ;;
        commands)
            run 120 tt stop -y "${p_app}:${p_wiped}" ;;
        verify)
            becomes 30 0.5 instance_stopped "${p_app}:${p_wiped}" ;;
        undo)
            undo_line 120 tt start "${p_app}:${p_wiped}" ;;
    esac
}

step_wipe() {
    case $1 in
        about)
            number=10 title="Delete snapshots and logs of ${p_wiped}"
            has_done_when=true irreversible="the rows that only ${p_wiped} held are gone"
            approval="Everything that only ${p_wiped} holds is lost."
            type_the_name="${p_wiped}" ;;
        done-when)
            holds data_absent "${p_app}:${p_wiped}" ;;
        requires)
            holds instance_stopped "${p_app}:${p_wiped}"
            holds uuid_pinned "${p_app}:${p_wiped}" "${p_app}:${p_keeper}"
            holds no_third_peer_ahead "${p_app}:${p_wiped}" "${p_app}:${p_keeper}" ;;
        commands)
            run 60 instance wipe "${p_app}:${p_wiped}" ;;
        verify)
            becomes 30 0.5 data_absent "${p_app}:${p_wiped}" ;;
    esac
}

step_start() {
    case $1 in
        about)
            number=11 title="Start ${p_wiped}, which joins"
            has_done_when=true ;;
        done-when)
            holds instance_ready "${p_app}:${p_wiped}" ;;
        commands)
            run 43200 tt start "${p_app}:${p_wiped}" ;;
        verify)
            becomes 43200 1 instance_ready "${p_app}:${p_wiped}"
            becomes 300 0.5 follows "${p_app}:${p_wiped}" "${p_app}:${p_keeper}"
            becomes 300 0.5 sends_to "${p_app}:${p_keeper}" "${p_app}:${p_wiped}" ;;
    esac
}

# It stopped at the conflict and is never tried again by itself. An equal configuration changes nothing; without
# its own address its list of peers is another one, so that all appliers are made anew.
# Expect: New clients are refused by instance001 until the next step.
step_restart_applier() {
    case $1 in
        about)
            number=12 title="Restart the applier of ${p_keeper}"
            repeatable=true line_count=2 ;;
        when)
            holds not follows "${p_app}:${p_keeper}" "${p_app}:${p_wiped}" ;;
        commands)
            run 60 instance unset "${p_app}:${p_keeper}" iproto.listen &&
            run 60 box "${p_app}:${p_keeper}" 'require('\''config'\''):reload()' ;;
        line-1-done)
            holds config_has "${p_app}:${p_keeper}" iproto.listen '' ;;
        verify)
            becomes 60 0.5 follows "${p_app}:${p_keeper}" "${p_app}:${p_wiped}" ;;
    esac
}

step_listen_again() {
    case $1 in
        about)
            number=13 title="${p_keeper} listens at ${p_listen} again"
            has_done_when=true repeatable=true line_count=2 ;;
        done-when)
            holds config_has "${p_app}:${p_keeper}" iproto.listen "[{uri: '${p_listen}'}]" ;;
        commands)
            run 60 instance set "${p_app}:${p_keeper}" iproto.listen "[{uri: '${p_listen}'}]" &&
            run 60 box "${p_app}:${p_keeper}" 'require('\''config'\''):reload()' ;;
        verify)
            becomes 30 0.5 config_has "${p_app}:${p_keeper}" iproto.listen "[{uri: '${p_listen}'}]"
            becomes 60 0.5 follows "${p_app}:${p_keeper}" "${p_app}:${p_wiped}"
            becomes 60 0.5 follows "${p_app}:${p_wiped}" "${p_app}:${p_keeper}" ;;
    esac
}

# Equal clocks would not prove it.
step_compare() {
    case $1 in
        about)
            number=14 title="Both hold equal rows" ;;
        verify)
            becomes 43200 1 caught_up "${p_app}:${p_keeper}" "${p_app}:${p_wiped}"
            becomes 43200 1 caught_up "${p_app}:${p_wiped}" "${p_app}:${p_keeper}"
            becomes 600 2 same_data "${p_app}:${p_keeper}" "${p_app}:${p_wiped}" ;;
    esac
}

step_writes_again() {
    case $1 in
        about)
            number=15 title="${p_wiped} takes writes again"
            has_done_when=true repeatable=true line_count=2 ;;
        done-when)
            holds read_write "${p_app}:${p_wiped}" ;;
        commands)
            run 60 instance set "${p_app}:${p_wiped}" database.mode rw &&
            run 60 box "${p_app}:${p_wiped}" 'require('\''config'\''):reload()' ;;
        verify)
            becomes 30 0.5 read_write "${p_app}:${p_wiped}"
            stays 3 0.5 follows "${p_app}:${p_keeper}" "${p_app}:${p_wiped}" ;;
        undo)
            undo_line 60 instance set "${p_app}:${p_wiped}" database.mode ro
            undo_line 60 box "${p_app}:${p_wiped}" 'require('\''config'\''):reload()' ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash 963c79d93b8eeda6588737f1f7bcc3f0
#: set app=master_master
#: set keeper=instance001
#: set listen=127.0.0.1:3301
#: set look=true
#: set rows-lost=0
#: set save=
#: set wiped=instance002
#| # An instance that went its own way throws its data away and takes everything from another one.
#| runbook: tarantool-rebootstrap
#| title: Rebootstrap {{wiped}} of {{app}} from {{keeper}}
#| why: >-
#|   After a conflict, or with data that differ, one side has to give up its own. It loses every row that only it has; so
#|   those are counted and listed first. It comes back with the same uuid and id, and the applier of the other side,
#|   which stays stopped for ever, is restarted too. In the end rows are compared: equal clocks are not equal data.
#| system: tarantool
#| docs: Tarantool, Master-master, Resolving a replication conflict
#| parameters:
#|   app: {type: text, title: The application, example: master_master}
#|   wiped: {type: text, title: The instance that loses its data, example: instance002}
#|   keeper: {type: text, title: The instance whose data are right, example: instance001}
#|   listen: {type: text, title: Where the keeper listens (iproto.listen), example: "127.0.0.1:3301"}
#|   rows-lost: {type: integer, default: "0", title: How many rows that exist only at the wiped instance may be lost}
#|   save: {type: text, default: "", title: A new file for those rows; empty to save none, example: lost-rows.jsonl}
#|   look: {type: bool, default: "true", title: Look at rows that would be lost; false only for one that cannot start}
#|
#| steps:
#|   - id: check-keeper
#|     title: "{{keeper}} is up and takes writes"
#|     requires:
#|       - configured {{app}}:{{wiped}}
#|       - configured {{app}}:{{keeper}}
#|       - instance-ready {{app}}:{{keeper}}
#|       - read-write {{app}}:{{keeper}}
#|       - registered {{app}}:{{wiped}} {{app}}:{{keeper}}
#|       - >-
#|         config-has {{app}}:{{keeper}} iproto.listen "[{uri: '{{listen}}'}]"
#|
#|   - id: check-third-peers
#|     title: No third instance has more rows of {{wiped}} than {{keeper}}
#|     why: >-
#|       The wiped instance counts on from what the keeper knows of it. A third one that already holds those numbers with
#|       other rows would skip the new ones without a word. One that does not answer might be such a one.
#|     requires: no-third-peer-ahead {{app}}:{{wiped}} {{app}}:{{keeper}}
#|
#|   - id: save-rows
#|     title: Save the rows that exist only at {{wiped}}
#|     when:
#|       - "{{save}} != ''"
#|       - "{{look}}"
#|     do: instance save-rows {{app}}:{{wiped}} {{app}}:{{keeper}} {{save}}
#|     timeout: 12h
#|     verify: instance-ready {{app}}:{{wiped}}
#|     undo: none
#|
#|   - id: check-rows-lost
#|     title: At most {{rows-lost}} rows exist only at {{wiped}}
#|     why: The refusal lists their keys. Save them with save=FILE, allow the loss with rows-lost=NUMBER.
#|     when: "{{look}}"
#|     requires: rows-only-here {{app}}:{{wiped}} {{app}}:{{keeper}} {{rows-lost}}
#|
#|   - id: pin-uuid
#|     title: Pin the uuid of {{wiped}} in config.yaml
#|     why: >-
#|       Without its uuid the wiped instance would come with a new one and its old name, and released 3.x refuses that:
#|       the keeper's stopped applier still counts as a connection (ER_INSTANCE_NAME_DUPLICATE). With the uuid pinned the
#|       keeper knows it again, by the same id.
#|     target: "{{app}}:{{wiped}}"
#|     done-when: uuid-pinned {{app}}:{{wiped}} {{app}}:{{keeper}}
#|     requires: config-has {{app}}:{{wiped}} database.instance_uuid ''
#|     do: instance pin-uuid {{app}}:{{wiped}} {{app}}:{{keeper}}
#|     verify: uuid-pinned {{app}}:{{wiped}} {{app}}:{{keeper}}
#|     undo: instance unset {{app}}:{{wiped}} database.instance_uuid
#|
#|   - id: no-writes-first
#|     title: "{{wiped}} takes no writes from now on"
#|     why: What clients write there between the look and the wipe would be lost unseen.
#|     target: "{{app}}:{{wiped}}"
#|     done-when: config-has {{app}}:{{wiped}} database.mode ro
#|     do: instance set {{app}}:{{wiped}} database.mode ro
#|     verify: config-has {{app}}:{{wiped}} database.mode ro
#|     undo: instance set {{app}}:{{wiped}} database.mode rw
#|
#|   - id: apply-read-only
#|     title: Apply it
#|     when: instance-runs {{app}}:{{wiped}}
#|     target: "{{app}}:{{wiped}}"
#|     done-when: read-only {{app}}:{{wiped}}
#|     do: box {{app}}:{{wiped}} "require('config'):reload()"
#|     repeatable: true
#|     verify: {becomes: "read-only {{app}}:{{wiped}}", within: 30s}
#|     undo:
#|       - instance set {{app}}:{{wiped}} database.mode rw
#|       - box {{app}}:{{wiped}} "require('config'):reload()"
#|
#|   - id: check-again
#|     title: Still at most {{rows-lost}} rows exist only at {{wiped}}
#|     when: "{{look}}"
#|     requires: rows-only-here {{app}}:{{wiped}} {{app}}:{{keeper}} {{rows-lost}}
#|
#|   - id: stop
#|     title: Stop {{wiped}}
#|     target: "{{app}}:{{wiped}}"
#|     done-when: instance-stopped {{app}}:{{wiped}}
#|     do: tt stop -y {{app}}:{{wiped}}
#|     timeout: 2m
#|     verify: instance-stopped {{app}}:{{wiped}}
#|     undo: tt start {{app}}:{{wiped}}
#|
#|   - id: wipe
#|     title: Delete snapshots and logs of {{wiped}}
#|     target: "{{app}}:{{wiped}}"
#|     done-when: data-absent {{app}}:{{wiped}}
#|     requires:
#|       - instance-stopped {{app}}:{{wiped}}
#|       - uuid-pinned {{app}}:{{wiped}} {{app}}:{{keeper}}
#|       - no-third-peer-ahead {{app}}:{{wiped}} {{app}}:{{keeper}}
#|     approval:
#|       text: Everything that only {{wiped}} holds is lost.
#|       type-the-name: "{{wiped}}"
#|     do: instance wipe {{app}}:{{wiped}}
#|     verify: data-absent {{app}}:{{wiped}}
#|     irreversible: the rows that only {{wiped}} held are gone
#|
#|   - id: start
#|     title: Start {{wiped}}, which joins
#|     target: "{{app}}:{{wiped}}"
#|     done-when: instance-ready {{app}}:{{wiped}}
#|     do: tt start {{app}}:{{wiped}}
#|     timeout: 12h
#|     verify:
#|       - {becomes: "instance-ready {{app}}:{{wiped}}", within: 12h, interval: 1s}
#|       - {becomes: "follows {{app}}:{{wiped}} {{app}}:{{keeper}}", within: 5m}
#|       - {becomes: "sends-to {{app}}:{{keeper}} {{app}}:{{wiped}}", within: 5m}
#|     undo: none
#|
#|   - id: restart-applier
#|     title: Restart the applier of {{keeper}}
#|     why: >-
#|       It stopped at the conflict and is never tried again by itself. An equal configuration changes nothing; without its
#|       own address its list of peers is another one, so that all appliers are made anew.
#|     when: not follows {{app}}:{{keeper}} {{app}}:{{wiped}}
#|     target: "{{app}}:{{keeper}}"
#|     do:
#|       - {run: "instance unset {{app}}:{{keeper}} iproto.listen", done-when: "config-has {{app}}:{{keeper}} iproto.listen ''"}
#|       - box {{app}}:{{keeper}} "require('config'):reload()"
#|     repeatable: true
#|     verify: {becomes: "follows {{app}}:{{keeper}} {{app}}:{{wiped}}", within: 1m}
#|     undo: none
#|     expect: New clients are refused by {{keeper}} until the next step.
#|
#|   - id: listen-again
#|     title: "{{keeper}} listens at {{listen}} again"
#|     target: "{{app}}:{{keeper}}"
#|     done-when: >-
#|       config-has {{app}}:{{keeper}} iproto.listen "[{uri: '{{listen}}'}]"
#|     do:
#|       - >-
#|         instance set {{app}}:{{keeper}} iproto.listen "[{uri: '{{listen}}'}]"
#|       - box {{app}}:{{keeper}} "require('config'):reload()"
#|     repeatable: true
#|     verify:
#|       - >-
#|         config-has {{app}}:{{keeper}} iproto.listen "[{uri: '{{listen}}'}]"
#|       - {becomes: "follows {{app}}:{{keeper}} {{app}}:{{wiped}}", within: 1m}
#|       - {becomes: "follows {{app}}:{{wiped}} {{app}}:{{keeper}}", within: 1m}
#|     undo: none
#|
#|   - id: compare
#|     title: Both hold equal rows
#|     why: Equal clocks would not prove it.
#|     verify:
#|       - {becomes: "caught-up {{app}}:{{keeper}} {{app}}:{{wiped}}", within: 12h, interval: 1s}
#|       - {becomes: "caught-up {{app}}:{{wiped}} {{app}}:{{keeper}}", within: 12h, interval: 1s}
#|       - {becomes: "same-data {{app}}:{{keeper}} {{app}}:{{wiped}}", within: 10m, interval: 2s}
#|
#|   - id: writes-again
#|     title: "{{wiped}} takes writes again"
#|     target: "{{app}}:{{wiped}}"
#|     done-when: read-write {{app}}:{{wiped}}
#|     do:
#|       - instance set {{app}}:{{wiped}} database.mode rw
#|       - box {{app}}:{{wiped}} "require('config'):reload()"
#|     repeatable: true
#|     verify:
#|       - {becomes: "read-write {{app}}:{{wiped}}", within: 30s}
#|       - {stays: "follows {{app}}:{{keeper}} {{app}}:{{wiped}}", for: 3s}
#|     undo:
#|       - instance set {{app}}:{{wiped}} database.mode ro
#|       - box {{app}}:{{wiped}} "require('config'):reload()"
#: end
