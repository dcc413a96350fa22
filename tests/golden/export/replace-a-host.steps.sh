# --- The steps ---
step_ids=(
    check-cluster
    init
    start
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
        init | start) return 0 ;;
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
    holds k_safe "$p_cluster"
}

step_check_cluster() {
    case $1 in
        about)
            number=1 title="${p_cluster} goes on without it" ;;
        requires)
            holds database_up "$p_cluster" ;;
    esac
}

step_init() {
    case $1 in
        about)
            number=2 title="Make its root folder"
            has_done_when=true ;;
        done-when)
            holds root_made "$p_dir" ;;
        commands)
            run 60 voltdb init "--config=${p_config}" "--dir=${p_dir}" ;;
        verify)
            becomes 30 0.5 root_made "$p_dir" ;;
    esac
}

step_start() {
    case $1 in
        about)
            number=3 title="Start it, which joins"
            has_done_when=true repeatable=true irreversible="the cluster counts on it from now on" ;;
        done-when)
            holds host_runs "$p_dir" ;;
        commands)
            run 43200 voltdb start "--dir=${p_dir}" "--host=${p_other}" --background ;;
        verify)
            becomes 300 0.5 host_runs "$p_dir"
            becomes 43200 1 full_safety "$p_cluster" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash 5ca59754c2133595bd56bb7443c4201a
#: set cluster=east
#: set config=voltdb/east/deployment.xml
#: set dir=voltdb/east/east2
#: set host=east2
#: set other=east1
#| # A host of a cluster with K-safety is lost, and comes back or is replaced.
#| runbook: replace-a-host
#| title: Replace a host of {{cluster}}
#| why: >-
#|   With K-safety the other hosts have copies of its partitions, and send their streams meanwhile; a host that is started
#|   again gets the data from them. Without K-safety its partitions come back only with its own root folder.
#| system: voltdb
#| docs: VoltDB, Using VoltDB, Recovering from system failures
#| parameters:
#|   cluster: {type: cluster, title: The cluster, example: east}
#|   host: {type: text, title: The host that is lost or replaced, example: east2}
#|   other: {type: text, title: A host that runs, example: east1}
#|   dir: {type: text, default: "voltdb/{{cluster}}/{{host}}", title: The folder of its root}
#|   config: {type: text, default: "voltdb/{{cluster}}/deployment.xml", title: The deployment file of the cluster}
#|
#| requires:
#|   - k-safe {{cluster}}
#|
#| steps:
#|   - id: check-cluster
#|     title: "{{cluster}} goes on without it"
#|     requires: database-up {{cluster}}
#|
#|   - id: init
#|     title: Make its root folder
#|     target: "{{host}}"
#|     done-when: root-made {{dir}}
#|     do: voltdb init --config={{config}} --dir={{dir}}
#|     verify: root-made {{dir}}
#|     undo: none
#|
#|   - id: start
#|     title: Start it, which joins
#|     target: "{{host}}"
#|     done-when: host-runs {{dir}}
#|     do: voltdb start --dir={{dir}} --host={{other}} --background
#|     timeout: 12h
#|     repeatable: true
#|     verify:
#|       - {becomes: "host-runs {{dir}}", within: 5m}
#|       - {becomes: "full-safety {{cluster}}", within: 12h, interval: 1s}
#|     irreversible: the cluster counts on it from now on
#: end
