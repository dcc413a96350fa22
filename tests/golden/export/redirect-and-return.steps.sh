# --- The steps ---
step_ids=(
    check-standby
    redirect-clients
    back-online
    link-back
    catch-up
    return-clients
    settled
)
safe_to_stop=true

run_part() { "step_${1//-/_}" "$2"; }

has_commands() {
    case $1 in
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

# Only the records at the standby are asked, since the other cluster may not answer.
step_check_standby() {
    case $1 in
        about)
            number=1 title="The other table can be used, and keeps its changes for the one that is offline" ;;
        requires)
            holds readable "$p_standby"
            holds writable "$p_standby"
            holds replica_listed "$p_standby" "$p_offline"
            holds upstream_listed "$p_standby" "$p_offline" ;;
    esac
}

# Expect: Writes that /mapr/sanfrancisco/customers took but had not sent yet appear when it returns.
step_redirect_clients() {
    case $1 in
        about)
            number=2 title="Direct the clients to ${p_standby}"
            kind=human instruction="Direct every client application that uses ${p_offline} to ${p_standby}." ;;
        verify)
            becomes 30 0.5 writable "$p_standby" ;;
    esac
}

step_back_online() {
    case $1 in
        about)
            number=3 title="${p_offline} is back" ;;
        verify)
            becomes 604800 5 readable "$p_offline" ;;
    esac
}

step_link_back() {
    case $1 in
        about)
            number=4 title="Replication to it goes on by itself" ;;
        verify)
            becomes 300 0.5 upstream_and_replica "$p_standby" "$p_offline"
            becomes 1800 1 link_healthy "$p_standby" "$p_offline" ;;
    esac
}

step_catch_up() {
    case $1 in
        about)
            number=5 title="It catches up with what the clients wrote meanwhile" ;;
        verify)
            becomes 604800 5 caught_up "$p_standby" "$p_offline"
            becomes 604800 5 caught_up "$p_offline" "$p_standby" ;;
    esac
}

step_return_clients() {
    case $1 in
        about)
            number=6 title="Direct the clients back to ${p_offline}"
            kind=human instruction="Direct the client applications back to ${p_offline}." ;;
        requires)
            holds writable "$p_offline"
            holds link_healthy "$p_standby" "$p_offline" ;;
        verify)
            becomes 30 0.5 writable "$p_offline" ;;
    esac
}

step_settled() {
    case $1 in
        about)
            number=7 title="The last writes made at ${p_standby} have arrived" ;;
        verify)
            becomes 3600 1 caught_up "$p_standby" "$p_offline"
            becomes 600 1 link_healthy "$p_offline" "$p_standby" ;;
    esac
}

main "$@"
exit

# The runbook that this script was made from; `tributary import` reads it.
#: tributary-export 1
#: version 0.0.0
#: target bash
#: hash d23a7e68d0bd52830a054645164f8cc2
#: set offline=/mapr/sanfrancisco/customers
#: set standby=/mapr/newyork/customers
#| # One of two tables that replicate to each other is offline: clients go to the other one, and come back.
#| runbook: redirect-and-return
#| title: Move clients from {{offline}} to {{standby}} and back
#| why: >-
#|   Replication waits for a table that is offline and goes on by itself when it returns. Clients do not move by
#|   themselves, and must not come back before the table has caught up.
#| system: maprdb
#| docs: Setting Up Multi-Master Replication Manually, if one of the tables goes offline
#| parameters:
#|   offline: {type: dataset, title: The table that went away, example: /mapr/sanfrancisco/customers}
#|   standby: {type: dataset, title: The table that takes its clients, example: /mapr/newyork/customers}
#|
#| steps:
#|   - id: check-standby
#|     title: The other table can be used, and keeps its changes for the one that is offline
#|     why: Only the records at the standby are asked, since the other cluster may not answer.
#|     requires:
#|       - readable {{standby}}
#|       - writable {{standby}}
#|       - replica-listed {{standby}} {{offline}}
#|       - upstream-listed {{standby}} {{offline}}
#|
#|   - id: redirect-clients
#|     title: Direct the clients to {{standby}}
#|     target: "{{standby}}"
#|     human: Direct every client application that uses {{offline}} to {{standby}}.
#|     verify: writable {{standby}}
#|     expect: Writes that {{offline}} took but had not sent yet appear when it returns.
#|
#|   - id: back-online
#|     title: "{{offline}} is back"
#|     verify: {becomes: "readable {{offline}}", within: 7d, interval: 5s}
#|
#|   - id: link-back
#|     title: Replication to it goes on by itself
#|     verify:
#|       - {becomes: "upstream-and-replica {{standby}} {{offline}}", within: 5m}
#|       - {becomes: "link-healthy {{standby}} {{offline}}", within: 30m, interval: 1s}
#|
#|   - id: catch-up
#|     title: It catches up with what the clients wrote meanwhile
#|     verify:
#|       - {becomes: "caught-up {{standby}} {{offline}}", within: 7d, interval: 5s}
#|       - {becomes: "caught-up {{offline}} {{standby}}", within: 7d, interval: 5s}
#|
#|   - id: return-clients
#|     title: Direct the clients back to {{offline}}
#|     target: "{{offline}}"
#|     requires:
#|       - writable {{offline}}
#|       - link-healthy {{standby}} {{offline}}
#|     human: Direct the client applications back to {{offline}}.
#|     verify: writable {{offline}}
#|
#|   - id: settled
#|     title: The last writes made at {{standby}} have arrived
#|     verify:
#|       - {becomes: "caught-up {{standby}} {{offline}}", within: 1h, interval: 1s}
#|       - {becomes: "link-healthy {{offline}} {{standby}}", within: 10m, interval: 1s}
#: end
