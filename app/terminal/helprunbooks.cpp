// The texts of `help runbook-format` and `help checks`.
#include "app/terminal/helprunbooks.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/systems/dialects.h"
#include "app/terminal/helptopics.h"
#include "app/terminal/terminalhelp.h"
#include "core/base/text.h"
#include "engine/alarms/alarmboard.h"
#include "runbooks/model/checks.h"
#include "runbooks/model/parameters.h"
#include "runbooks/model/runbookkeys.h"

namespace tributary::app {
namespace {

using runbooks::ParameterType;

constexpr const char* kWholeRunbook =
    "  runbook: follow\n"
    "  title: \"{{replica}} follows {{source}}\"\n"
    "  why: Reports are read in the other city.\n"
    "  system: maprdb\n"
    "  parameters:\n"
    "    source:\n"
    "      type: dataset\n"
    "      title: The table that clients write\n"
    "      example: /mapr/sanfrancisco/customers\n"
    "    replica: {type: path, example: /mapr/newyork/customers}\n"
    "    mode: {type: enum, values: [quick, careful], default: careful}\n"
    "    columns: {type: columns, default: \"\", title: Only these}\n"
    "    settle: {type: bool, default: true, title: Wait a moment before it begins}\n"
    "  requires:\n"
    "    - dataset-exists {{source}}\n"
    "  invariants: dataset-exists {{source}}\n"
    "  steps:\n"
    "    - id: look\n"
    "      title: The source may be replicated\n"
    "      requires:\n"
    "        - has-permission {{source}} replperm\n"
    "        - gateways-reachable {{source | cluster}} {{replica | cluster}}\n"
    "    - id: create\n"
    "      title: Create the replica\n"
    "      target: \"{{replica}}\"\n"
    "      done-when: dataset-exists {{replica}}\n"
    "      do: maprcli table create -path {{replica}} -copymetafrom {{source}}\n"
    "      verify: dataset-exists {{replica}}\n"
    "      undo: maprcli table delete -path {{replica}}\n"
    "    - id: register\n"
    "      title: Register the replica, paused\n"
    "      done-when: replica-listed {{source}} {{replica}}\n"
    "      do: >-\n"
    "        maprcli table replica add -path {{source}} -replica {{replica}}\n"
    "        {{columns | option -columns}} -paused true\n"
    "      retry: {attempts: 3, on: [transient, unreachable], delay: 2s}\n"
    "      timeout: 30s\n"
    "      verify:\n"
    "        - replica-listed {{source}} {{replica}}\n"
    "        - replica-paused {{source}} {{replica}}\n"
    "      undo: maprcli table replica remove -path {{source}} -replica {{replica}}\n"
    "    - id: accept\n"
    "      title: Let the replica accept the source\n"
    "      done-when: upstream-listed {{replica}} {{source}}\n"
    "      do: maprcli table upstream add -path {{replica}} -upstream {{source}}\n"
    "      verify: upstream-and-replica {{source}} {{replica}}\n"
    "      undo: maprcli table upstream remove -path {{replica}} -upstream {{source}}\n"
    "    - id: agree\n"
    "      title: Somebody agrees\n"
    "      when: \"{{mode}} == careful\"\n"
    "      ask: \"Is the batch over: may {{source}} be sent now?\"\n"
    "    - id: settle\n"
    "      title: A moment\n"
    "      when:\n"
    "        - \"{{settle}}\"\n"
    "        - not link-healthy {{source}} {{replica}}\n"
    "      wait: 1s\n"
    "    - id: copy\n"
    "      title: Copy the rows from before\n"
    "      why: A link sends what is written after it was registered, nothing older.\n"
    "      do: >-\n"
    "        hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src {{source}}\n"
    "        -dst {{replica}} {{columns | option -columns}} -bulkload false\n"
    "        -mapreduce false\n"
    "      repeatable: true\n"
    "      timeout: 12h\n"
    "      verify: readable {{replica}}\n"
    "      undo: none\n"
    "    - id: begin\n"
    "      title: Begin to send\n"
    "      done-when: link-healthy {{source}} {{replica}}\n"
    "      do: maprcli table replica resume -path {{source}} -replica {{replica}}\n"
    "      verify:\n"
    "        - {becomes: \"link-healthy {{source}} {{replica}}\", within: 2m}\n"
    "        - {stays: \"dataset-exists {{replica}}\", for: 1s}\n"
    "      undo: maprcli table replica pause -path {{source}} -replica {{replica}}\n"
    "      on-failure: compensate\n"
    "    - id: catch-up\n"
    "      title: The replica catches up\n"
    "      verify: {becomes: \"caught-up {{source}} {{replica}}\", within: 12h}\n"
    "    - id: compare\n"
    "      title: Both hold the same rows\n"
    "      when: \"{{columns}} == ''\"\n"
    "      verify: {becomes: \"same-data {{source}} {{replica}}\", within: 10m}\n";

constexpr const char* kSingleSteps =
    "Single steps\n"
    "\n"
    "A list of commands, of which one says how its effect is seen:\n"
    "\n"
    "  - id: two\n"
    "    title: Two commands\n"
    "    do:\n"
    "      - maprcli table replica pause -path {{source}} -replica {{replica}}\n"
    "      - run: maprcli table replica remove -path {{source}} -replica {{replica}}\n"
    "        done-when: replica-absent {{source}} {{replica}}\n"
    "    verify: replica-absent {{source}} {{replica}}\n"
    "    undo: none\n"
    "\n"
    "What cannot be taken back, with a name to type:\n"
    "\n"
    "  - id: delete\n"
    "    title: Delete the replica\n"
    "    approval:\n"
    "      text: Every row of {{replica}} is lost.\n"
    "      type-the-name: \"{{replica | name}}\"\n"
    "    safe-to-stop: false\n"
    "    done-when: dataset-absent {{replica}}\n"
    "    do: maprcli table delete -path {{replica}}\n"
    "    verify: dataset-absent {{replica}}\n"
    "    irreversible: rows that exist nowhere else are gone\n"
    "\n"
    "What a person does, and what is only looked at again and again:\n"
    "\n"
    "  - id: clients\n"
    "    title: Move the clients\n"
    "    human: Point the clients of {{source}} to {{replica | cluster}}.\n"
    "    approval: true\n"
    "    undo: none\n"
    "    expect: Writes at {{source}} end.\n"
    "  - id: quiet\n"
    "    title: Nothing more comes\n"
    "    verify:\n"
    "      - becomes: caught-up {{source}} {{replica}}\n"
    "        within: 10m\n"
    "        interval: 2s\n"
    "      - no-alarm {{source | cluster}} VOLUME_ALARM_TABLE_REPL_ERROR\n"
    "    on-failure: pause\n"
    "\n"
    "A step that may be run twice, and one that is switched off:\n"
    "\n"
    "  - id: list\n"
    "    title: List the replicas\n"
    "    do: maprcli table replica list -path {{source}} -refreshnow true\n"
    "    repeatable: true\n"
    "    verify: replica-listed {{source}} {{replica}}\n"
    "    undo: none\n"
    "  - id: compare\n"
    "    title: Compare every row\n"
    "    enabled: false\n"
    "    disabled-because: clients write all day\n"
    "    verify: same-data {{source}} {{replica}}\n";

constexpr const char* kOtherSystems =
    "Whole ones of the other systems:\n"
    "\n"
    "  runbook: writes-end\n"
    "  title: \"{{instance}} of {{app}} takes no writes\"\n"
    "  system: tarantool\n"
    "  parameters:\n"
    "    app: {type: text, example: master_master}\n"
    "    instance: {type: text, example: instance002}\n"
    "    keeper: {type: text, title: Has all of its rows, example: instance001}\n"
    "  steps:\n"
    "    - id: no-writes\n"
    "      title: \"{{instance}} takes no writes from now on\"\n"
    "      requires: instance-ready {{app}}:{{keeper}}\n"
    "      done-when: read-only {{app}}:{{instance}}\n"
    "      do:\n"
    "        - instance set {{app}}:{{instance}} database.mode ro\n"
    "        - box {{app}}:{{instance}} \"require('config'):reload()\"\n"
    "      verify: {becomes: \"read-only {{app}}:{{instance}}\", within: 30s}\n"
    "      undo:\n"
    "        - instance set {{app}}:{{instance}} database.mode rw\n"
    "        - box {{app}}:{{instance}} \"require('config'):reload()\"\n"
    "    - id: drained\n"
    "      title: \"{{keeper}} has every row of {{instance}}\"\n"
    "      verify:\n"
    "        becomes: caught-up {{app}}:{{instance}} {{app}}:{{keeper}}\n"
    "        within: 10m\n"
    "    - id: stop\n"
    "      title: Stop {{instance}}\n"
    "      do: tt stop -y {{app}}:{{instance}}\n"
    "      verify: instance-stopped {{app}}:{{instance}}\n"
    "      undo: tt start {{app}}:{{instance}}\n"
    "\n"
    "  runbook: note-in-peace\n"
    "  title: \"{{cluster}} has the table {{table}}\"\n"
    "  system: voltdb\n"
    "  parameters:\n"
    "    cluster: {type: cluster, example: east}\n"
    "    other: {type: cluster, title: The one that fetches from it, example: west}\n"
    "    table: {type: text, default: notes}\n"
    "    statement:\n"
    "      type: text\n"
    "      default: CREATE TABLE notes (id BIGINT NOT NULL, PRIMARY KEY (id))\n"
    "  steps:\n"
    "    - id: pause\n"
    "      title: \"{{cluster}} takes no writes\"\n"
    "      done-when: paused {{cluster}}\n"
    "      do: voltadmin pause --host={{cluster}} --wait\n"
    "      timeout: 10m\n"
    "      verify: paused {{cluster}}\n"
    "      undo: voltadmin resume --host={{cluster}}\n"
    "    - id: drained\n"
    "      title: \"{{other}} has all of it\"\n"
    "      when: dr-active {{other}} {{cluster}}\n"
    "      verify: {becomes: \"dr-drained {{cluster}} {{other}}\", within: 10m}\n"
    "    - id: create\n"
    "      title: Create {{table}}\n"
    "      done-when: table-exists {{cluster}} {{table}}\n"
    "      do: sqlcmd --servers={{cluster}} --query={{statement}}\n"
    "      verify: table-exists {{cluster}} {{table}}\n"
    "      irreversible: the table is dropped by a statement of its own\n"
    "    - id: resume\n"
    "      title: \"{{cluster}} takes writes again\"\n"
    "      done-when: not-paused {{cluster}}\n"
    "      do: voltadmin resume --host={{cluster}}\n"
    "      verify: not-paused {{cluster}}\n"
    "      undo: voltadmin pause --host={{cluster}}\n";

std::string keyLine(const runbooks::RunbookKey& key) {
    const std::string fallback(key.fallback);
    const std::string when = fallback == "required" ? ", required"
                             : fallback == "-"      ? std::string()
                                                    : "; without it: " + fallback;
    return fmt::format("- {} ({}{}): {}.\n", key.key, key.form, when, key.meaning);
}

std::string keysText(int columns) {
    std::string text;
    for (const runbooks::RunbookPart& part : runbooks::runbookParts()) {
        text += fmt::format("\nKeys of {} ({})\n", part.thing, part.form);
        for (const runbooks::RunbookKey& key : part.keys) text += keyLine(key);
    }
    text += "\nTypes of parameters\n";
    for (int i = 0; i <= static_cast<int>(ParameterType::Secret); ++i) {
        const auto type = static_cast<ParameterType>(i);
        text += fmt::format("- {}: {}.\n", runbooks::parameterTypeName(type),
                            runbooks::parameterTypeMeaning(type, dialects()));
    }
    text += "\nFilters of placeholders\n";
    for (const runbooks::FilterSpec& filter : runbooks::filterTable()) {
        text += fmt::format("- {}: {}.\n", filter.form, runbooks::filterMeaning(filter, dialects()));
    }
    return flowing(text, columns);
}

std::string runbookWords(int columns) {
    return flowing(
        "\nPlaceholders\n"
        "- {{name}} stands for a parameter, in titles, texts, checks, conditions and commands; never in ids, durations "
        "and numbers: a parameter of type duration can stand in a command, not in wait, within, for, interval, delay "
        "or timeout. {{name | filter}} stands for a part of it.\n"
        "- In a command the value is one word and is quoted where it needs to be: put no quotes around it.\n"
        "\nConditions (when)\n"
        "- CHECK, or not CHECK.\n"
        "- A == B, A != B: texts are compared; blanks on both sides of the sign. A value must be one that the "
        "parameter can have: \"{{mode}} == careful\". With blanks in it: \"{{word}} == 'two words'\". Missing: "
        "\"{{columns}} == ''\".\n"
        "- A parameter of type bool by itself, \"{{settle}}\" or \"not {{settle}}\"; true; false.\n"
        "- A list must hold whole. There is no `and` and no `or`.\n"
        "\nChecks\n"
        "- A name and its arguments: dataset-exists {{source}}. All of them: tributary help checks\n"
        "- caught-up speaks of what was written since the source records the replica. Rows from before come by "
        "autosetup, CopyTable or load; same-data looks at every row.\n"
        "- A check is true, false or unknown. Unknown never counts as true: the run stops, with exit 3.\n"
        "\nCommands (do, undo)\n"
        "- Lines of the system's own commands, with words as a shell splits them: '...' and \"...\" group. No pipes, "
        "no variables, nothing else of a shell.\n"
        "- maprdb: maprcli, mapr, hbase. tarantool: tt, box (a statement on a console), instance (an edit of "
        "config.yaml, a deletion of data). voltdb: voltdb, voltadmin, sqlcmd. What each takes: tributary maprcli "
        "table --help, tributary help box, tributary help instance, tributary help voltadmin, tributary help sqlcmd\n"
        "\nThe course of a step: when, done-when, requires, the approval, then what it does, then verify. Approvals "
        "that the runbook alone calls for are asked before the first step, or given by --approve. A run that ends "
        "before its last step goes on with --resume; --undo takes back what the run did, last step first.\n"
        "\nA command that was answered with an error, and is not tried again, fails the step at once. One that got no "
        "answer (a timeout, or a cluster that cannot be reached, whatever error it prints) may have worked all the "
        "same: verify is waited for as long as it may take, and decides.\n"
        "\nWhat people did (human) and no undo takes back is left BY HAND by --undo: undo it, then say so with "
        "tributary run --undo RUN --resolve STEP=done. A question (ask) changed nothing, and undo: none says the same "
        "of a deed.\n"
        "\nA step that has none of do, human, ask and wait only checks: it has verify or requires. Lists are never "
        "empty.\n"
        "\nParameters are given with --set NAME=VALUE, or with --params FILE: a YAML map of NAME: VALUE "
        "(a value that holds \": \" in quotes). Clusters that values name, also as C of /mapr/C/PATH, must be drawn; "
        "a dataset need not be there yet.\n"
        "\nDurations: a whole number with ms, s, m, h or d: 500ms, 30s, 12h.\n",
        columns);
}

std::string exampleArgument(std::string_view check, std::string_view argument) {
    if (argument == "OPTION") return check == "replica-has" ? "throttle" : check == "family-has" ? "ttl" : "deletettl";
    if (argument == "INSTANCE") return "master_master:instance002";
    if (argument == "PEER") return "master_master:instance001";
    if (argument == "ID") return "1";
    if (argument == "KEY") return "database.mode";
    if (check == "config-has") return "ro";
    if (argument == "VALUE") return check == "replica-has" ? "true" : "604800";
    if (argument == "UUID") return "2c90f6c0-70c1-4c00-be2e-cec49b61d837";
    if (argument == "ROWS") return "0";
    if (argument == "GATEWAY" || argument == "GATEWAYS") return "gw-1";
    if (argument == "R" || argument == "B") return "/mapr/newyork/orders";
    if (argument == "F") return "profile";
    if (argument == "FROMCLUSTER" || argument == "CLUSTER") return "sanfrancisco";
    if (argument == "TOCLUSTER" || argument == "OTHERCLUSTER") return "newyork";
    if (argument == "TOPIC") return "clicks";
    if (argument == "DIR") return "east/east1";
    if (argument == "TABLE") return "CUSTOMERS";
    if (argument == "COLUMN") return "NAME";
    if (argument == "ALARM") return std::string(engine::kAlarmReplicationError);
    const std::vector<std::string> allowed = dialects().allowedValues(argument);
    return allowed.empty() ? "/mapr/sanfrancisco/orders" : allowed.front();
}

/// Every check with its system, in order.
std::vector<std::pair<std::string_view, const runbooks::CheckSpec*>> checksBySystem() {
    std::vector<std::pair<std::string_view, const runbooks::CheckSpec*>> out;
    const runbooks::Dialects all = dialects();
    for (const runbooks::Dialect* dialect : all.all()) {
        for (const runbooks::CheckSpec& spec : dialect->words().checks) {
            out.emplace_back(dialect->words().system, &spec);
        }
    }
    return out;
}

}  // namespace

std::string runbookFormatText(int columns) {
    return flowing(
               "One YAML file per runbook, in the folder runbooks of a workspace or anywhere. It is read strictly: a "
               "key that is not known, a condition of the wrong type, a check or placeholder that does not exist is an "
               "error with line, column and what to write.\n"
               "\n"
               "A whole one:\n"
               "\n",
               columns) +
           kWholeRunbook + "\n" + kSingleSteps + "\n" + kOtherSystems + keysText(columns) + runbookWords(columns) +
           yamlQuotingText(columns) +
           flowing(
               "- A placeholder at the begin of a text, or inside [...] or {...}: put the text in quotes.\n"
               "\n"
               "Try a file\n"
               "\n"
               "  tributary runbook validate FILE\n"
               "  tributary run FILE --params values.yaml --dry-run\n"
               "\n"
               "Begin one: tributary runbook new NAME. Others at work: tributary runbook show NAME --yaml\n",
               columns);
}

std::string checksText(int columns) {
    std::string text =
        "What a runbook may ask of a system. A check is true, false, or unknown when a cluster does not answer. Below "
        "each name: what true means, and an example. A runbook asks the checks of its system; some names are asked of "
        "several.\n"
        "\n"
        "Arguments: S source, R replica, A and B two datasets, P a dataset: paths, /mapr/CLUSTER/PATH. F a column "
        "family. FROMCLUSTER, TOCLUSTER, CLUSTER, OTHERCLUSTER names of clusters. DIR the folder of a host, "
        "TABLE and COLUMN names of a schema, TOPIC the name of a topic. INSTANCE, PEER instances, APP:INSTANCE. Each "
        "may be a {{parameter}} of that type.\n";
    for (const std::string_view argument : {"STATE", "PERM", "DRROLE", "DRSTATE"}) {
        text += fmt::format("{} one of: {}.\n", argument, join(dialects().allowedValues(argument), ", "));
    }
    std::vector<std::string> alarms;
    for (const std::string_view alarm :
         {engine::kAlarmReplicationError, engine::kAlarmReplicationLag, engine::kAlarmReplicationAsync,
          engine::kAlarmGatewayDown, engine::kAlarmDiskFull, engine::kAlarmClockDrift}) {
        alarms.emplace_back(alarm);
    }
    std::string out = flowing(text + "ALARM one of: " + join(alarms, ", ") + ".\n\n", columns);
    std::string_view system;
    for (const auto& [of, spec] : checksBySystem()) {
        if (of != system) out += fmt::format("{}system: {}\n\n", system.empty() ? "" : "\n", of);
        system = of;
        const runbooks::CheckSpec& check = *spec;
        std::string head(check.name);
        std::string example(check.name);
        for (const std::string_view argument : check.arguments) {
            head += " " + std::string(argument);
            example += " " + exampleArgument(check.name, argument);
        }
        out += head + "\n    " + wrapped(std::string(check.meaning), std::min(columns, 100) - 4, 4) + "\n    " +
               example + "\n";
    }
    return out;
}

}  // namespace tributary::app
