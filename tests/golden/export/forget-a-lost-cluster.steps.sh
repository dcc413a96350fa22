# --- The steps ---
step_ids=(
    check-lost
    forget-at-first
    forget-at-second
    forget-at-third
    others-whole
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        forget-at-first | forget-at-second | forget-at-third) return 0 ;;
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

step_check_lost() {
    case $1 in
        about)
            number=1 title="${p_lost} does not run"
            docs="A cluster that can still speak leaves by voltadmin dr drop" ;;
        requires)
            holds database_down "$p_lost" ;;
    esac
}

step_forget_at_first() {
    case $1 in
        about)
            number=2 title="${p_first} keeps nothing for ${p_lost}"
            has_done_when=true repeatable=true irreversible="the logs that ${p_first} kept for ${p_lost} are gone"
            approval="Delete the logs that ${p_first} keeps for ${p_lost}?" ;;
        done-when)
            holds dr_forgotten "$p_first" "$p_lost_id" ;;
        commands)
            run 60 voltadmin dr reset "--host=${p_first}" "--cluster=${p_lost_id}" --force ;;
        verify)
            becomes 30 0.5 dr_forgotten "$p_first" "$p_lost_id" ;;
    esac
}

step_forget_at_second() {
    case $1 in
        about)
            number=3 title="${p_second} keeps nothing for ${p_lost}"
            has_done_when=true repeatable=true irreversible="the logs that ${p_second} kept for ${p_lost} are gone"
            approval="Delete the logs that ${p_second} keeps for ${p_lost}?" ;;
        when)
            holds not equal "$p_second" '' ;;
        done-when)
            holds dr_forgotten "$p_second" "$p_lost_id" ;;
        commands)
            run 60 voltadmin dr reset "--host=${p_second}" "--cluster=${p_lost_id}" --force ;;
        verify)
            becomes 30 0.5 dr_forgotten "$p_second" "$p_lost_id" ;;
    esac
}

step_forget_at_third() {
    case $1 in
        about)
            number=4 title="${p_third} keeps nothing for ${p_lost}"
            has_done_when=true repeatable=true irreversible="the logs that ${p_third} kept for ${p_lost} are gone"
            approval="Delete the logs that ${p_third} keeps for ${p_lost}?" ;;
        when)
            holds not equal "$p_third" '' ;;
        done-when)
            holds dr_forgotten "$p_third" "$p_lost_id" ;;
        commands)
            run 60 voltadmin dr reset "--host=${p_third}" "--cluster=${p_lost_id}" --force ;;
        verify)
            becomes 30 0.5 dr_forgotten "$p_third" "$p_lost_id" ;;
    esac
}

step_others_whole() {
    case $1 in
        about)
            number=5 title="The survivors replicate with each other" ;;
        when)
            holds not equal "$p_second" '' ;;
        verify)
            becomes 60 1 dr_active "$p_first" "$p_second"
            becomes 60 1 dr_active "$p_second" "$p_first" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash 4d1bd278128f2a33e4a6652f153b5662
#: set first=tokyo
#: set lost=lima
#: set lost-id=3
#: set second=
#: set third=
#| # A cluster that is lost for ever is forgotten, at every survivor.
#| runbook: forget-a-lost-cluster
#| title: Forget {{lost}} at every survivor
#| why: >-
#|   Each cluster keeps its log for every other one until that has acknowledged it: for one that never comes back, until
#|   the disk is full. A survivor that is left out goes on keeping, and would take the lost one back with old data. A
#|   cluster that was forgotten comes back only empty.
#| system: voltdb
#| docs: VoltDB, Using VoltDB, Stopping replication
#| parameters:
#|   lost: {type: cluster, title: The cluster that is lost, example: lima}
#|   lost-id: {type: integer, title: Its id in its deployment file, example: "3"}
#|   first: {type: cluster, title: A survivor, example: tokyo}
#|   second: {type: cluster, default: "", title: Another one, example: oslo}
#|   third: {type: cluster, default: "", title: A third one, example: quito}
#|
#| steps:
#|   - id: check-lost
#|     title: "{{lost}} does not run"
#|     requires: database-down {{lost}}
#|     docs: "A cluster that can still speak leaves by voltadmin dr drop"
#|
#|   - id: forget-at-first
#|     title: "{{first}} keeps nothing for {{lost}}"
#|     target: "{{first}}"
#|     done-when: dr-forgotten {{first}} {{lost-id}}
#|     do: voltadmin dr reset --host={{first}} --cluster={{lost-id}} --force
#|     repeatable: true
#|     verify: dr-forgotten {{first}} {{lost-id}}
#|     irreversible: "the logs that {{first}} kept for {{lost}} are gone"
#|     approval: "Delete the logs that {{first}} keeps for {{lost}}?"
#|
#|   - id: forget-at-second
#|     title: "{{second}} keeps nothing for {{lost}}"
#|     when: "{{second}} != ''"
#|     target: "{{second}}"
#|     done-when: dr-forgotten {{second}} {{lost-id}}
#|     do: voltadmin dr reset --host={{second}} --cluster={{lost-id}} --force
#|     repeatable: true
#|     verify: dr-forgotten {{second}} {{lost-id}}
#|     irreversible: "the logs that {{second}} kept for {{lost}} are gone"
#|     approval: "Delete the logs that {{second}} keeps for {{lost}}?"
#|
#|   - id: forget-at-third
#|     title: "{{third}} keeps nothing for {{lost}}"
#|     when: "{{third}} != ''"
#|     target: "{{third}}"
#|     done-when: dr-forgotten {{third}} {{lost-id}}
#|     do: voltadmin dr reset --host={{third}} --cluster={{lost-id}} --force
#|     repeatable: true
#|     verify: dr-forgotten {{third}} {{lost-id}}
#|     irreversible: "the logs that {{third}} kept for {{lost}} are gone"
#|     approval: "Delete the logs that {{third}} keeps for {{lost}}?"
#|
#|   - id: others-whole
#|     title: The survivors replicate with each other
#|     when: "{{second}} != ''"
#|     verify:
#|       - {becomes: "dr-active {{first}} {{second}}", within: 1m, interval: 1s}
#|       - {becomes: "dr-active {{second}} {{first}}", within: 1m, interval: 1s}
#: end
