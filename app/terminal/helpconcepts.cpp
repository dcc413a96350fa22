// Texts of the topics concepts, security and monitoring.
#include "app/terminal/helpconcepts.h"

#include "app/daemon/alarmhooks.h"
#include "app/terminal/helptopics.h"

namespace tributary::app {
std::string conceptsText(int columns) {
    return flowing(
        "- workspace: a folder with topology.yaml, the drawing, and what the engine keeps in .tributary/.\n"
        "- drawing: what you intend. It changes only when you edit it; what runs is observed beside it (status).\n"
        "- cluster: a named site of one system. Its gateways are the doors that replicated writes come in by.\n"
        "- dataset: a table that a cluster holds, named /mapr/CLUSTER/PATH.\n"
        "- replica edge: \"source sends to replica\", recorded at the source. Upstream edge: \"replica accepts from "
        "source\", "
        "recorded at the replica. Nothing flows until both are there.\n"
        "- link: what runs when both edges exist. It is replicating, paused, copying, stalled (the client that copied "
        "is "
        "gone), unreachable or in error.\n"
        "- lag: how far a replica is behind, in time, bytes and operations. What nobody can tell is '?', never 0.\n"
        "- rule: a documented restriction, proved on the drawing (check).\n"
        "- runbook: ordered steps with checks and undo. A run writes a journal before it acts, so that a crash leaves "
        "nothing that is not known to be in doubt.\n"
        "- export: a runbook as a script of the real system's commands. Its loss table says what it cannot do.\n",
        columns);
}

std::string securityText(int columns) {
    return flowing(
        "Each cluster has a key of its own (.tributary/clusters/NAME/key): whoever speaks with it proves to know it, "
        "and so does the cluster. On one machine that is all: what passes over TCP carries a MAC, and local sockets "
        "are "
        "their user's.\n"
        "\n"
        "With certificates the TCP doors of a cluster speak TLS 1.3 only:\n"
        "\n"
        "  tributary cert init              # an authority, and a certificate from it\n"
        "  tributary down\n"
        "  tributary up                     # the next start speaks TLS\n"
        "  tributary cert list              # what there is, and when it ends\n"
        "  tributary cert rotate newyork    # a new one, from the next connection on\n"
        "  tributary cert revoke newyork SERIAL\n"
        "\n"
        "- Both ends present certificates. Each must be signed by the authority of the cluster that it names, hold "
        "now, "
        "and not be revoked; the proofs of the key cover both, so that a program between two ends is refused.\n"
        "- A certificate that does not hold is refused with the reason at both ends; the cluster whose door it was "
        "raises an alarm. What runs goes on: certificates are looked at when a connection begins.\n"
        "- A link with -networkencryption true runs over TLS or not at all.\n"
        "- Without TLS a gateway listens on this machine's own addresses only.\n"
        "- Certificates end after a year: doctor says so 30 days before.\n"
        "- Files are in .tributary/clusters/NAME/tls, for their owner alone. Backups leave them out, as they do keys.\n"
        "\n"
        "Certificates that others made are named in settings.yaml. Their SAN holds the cluster's name as a host; "
        "without revoked: nothing is ever revoked:\n"
        "\n"
        "  tributary-settings: 1\n"
        "  tls:\n"
        "    newyork: {certificate: ny.crt, key: ny.key,\n"
        "              authority: ca.crt, revoked: ca.crl}\n"
        "\n"
        "Instances of Tarantool and hosts of VoltDB keep the doors of their own systems, which speak no TLS here.\n",
        columns);
}

std::string monitoringText(int columns) {
    const AlarmEvent example{true, "newyork", "NODE_ALARM_DISK_FULL", "newyork", "writes are refused", 1767225600000};
    std::string variables;
    for (const std::string& variable : alarmVariables(example, "/home/ana/demo")) variables += "  " + variable + "\n";
    return flowing(
               "The alarm hook is a program that the daemon (`tributary up`) runs when an alarm is raised or cleared. "
               "It "
               "is named in settings.yaml, beside topology.yaml, which only its owner may write:\n"
               "\n"
               "  tributary-settings: 1\n"
               "  hooks:\n"
               "    alarm: [/usr/local/bin/page-me, --team, storage]\n"
               "    alarm-timeout: 30s\n"
               "\n"
               "- It runs without a shell; for a shell's line write [/bin/sh, -c, 'LINE']. Its folder is "
               ".tributary/hooks.\n"
               "- One runs at a time, in the order of the events; at most 100 wait. The clusters never wait for it.\n"
               "- After its time (30s) it and what it started are ended. What it says, and how it ended when that was "
               "not well, is in .tributary/daemon.log.\n"
               "- A daemon that ends clears no alarms; one that starts raises what holds again.\n"
               "- It finds in its environment, for example:\n"
               "\n",
               columns) +
           variables +
           flowing(
               "\n"
               "Figures for Prometheus: `tributary metrics` prints them, and the daemon answers for them on a socket "
               "that only its user may open:\n"
               "\n"
               "  curl --unix-socket .tributary/metrics.sock http://localhost/metrics\n"
               "\n"
               "- node_exporter's textfile collector takes them from a timer: tributary metrics -w DIR >FILE.tmp && mv "
               "FILE.tmp FILE.prom. What is unknown is absent, never 0.\n"
               "\n"
               "Logs in .tributary/, each 10 MB and at most 4 older ones (.1 to .4):\n"
               "\n"
               "- daemon.log: starts and ends of the daemon, alarms, the hook.\n"
               "- audit.log: a JSON line per operation that changes something, whoever typed it: when, who, as whom, "
               "what, for which runbook (with its hash), how it ended. Never rows.\n",
               columns);
}

}  // namespace tributary::app
