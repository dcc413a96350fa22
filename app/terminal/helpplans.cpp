// Text of the topic plans.
#include "app/terminal/helpplans.h"

#include "app/terminal/helptopics.h"

namespace tributary::app {

std::string plansText(int columns) {
    return flowing(
        "The drawing is intent. `status` lists where it and what runs differ; `plan` makes one runbook of the whole "
        "difference; `apply` runs it; `adopt` goes the other way and draws what runs. `check --live` tells the "
        "differences "
        "as findings, for scripts.\n"
        "\n"
        "What is compared\n"
        "- clusters, gateways and `cluster gateway set`, users and groups, tables with their families, attributes and "
        "drawn "
        "permissions, both records of every link with their options, links that fail, the network in force.\n"
        "- What the drawing leaves out has its default (versions 1, deletettl 1d, not paused); permissions and a "
        "family's "
        "compression that are not drawn are left as they are.\n"
        "- What could not be observed is unknown, never missing: a plan that would need it is refused (exit 3).\n"
        "\n"
        "The order of a plan\n"
        "- gateways; looks at permissions; tables and families, replicas before their sources; attributes; both "
        "records of "
        "all new links, paused where rows have to be copied; copies, each once; resume; wait until all have caught "
        "up.\n"
        "- Only then what is not drawn goes: links are paused, both records removed, then families and tables.\n"
        "\n"
        "Marks: + adds, ~ alters, > copies, - removes, ? only looks.\n"
        "\n"
        "Approval\n"
        "- Steps after which something does not come back ask for yes (--yes). Steps that delete rows ask for the name "
        "of "
        "the table or family: --approve STEP=NAME. The plan says how many rows exist nowhere else, with some of their "
        "keys.\n"
        "- `plan --no-remove` and `apply --no-remove` leave everything that runs.\n"
        "\n"
        "A plan is for what was seen\n"
        "- `plan -o FILE` saves it, a runbook: it can be read, run step by step, exported (tributary export FILE --to "
        "bash) "
        "and "
        "run as `apply FILE`. Before anything is done it asks whether all that it rests on is still so, and names what "
        "changed (exit 5); each step asks again when it is its turn.\n"
        "- A run of it is a run as any other: report, run --resume, run --undo.\n"
        "\n"
        "plan --json\n"
        "- agrees; totals {changes, looks, copies, rows, bytes, seconds, losses, rows_only_here}; steps [{id, effect "
        "(looks, "
        "adds, alters, copies, removes), element, title, why, commands, undo, closes (places in differences), cost "
        "{rows, "
        "bytes, seconds} of a copy, lost, loss {rows, only_here, keys, problem} of a deletion, irreversible, approval "
        "{needed, text, type_the_name}}]; left [{difference, reason, command}]: what no step closes; approve_with; "
        "differences [{kind (missing, extra, different, unknown), what, where, attribute, drawn, observed, detail, "
        "data "
        "(none, copied, lost), runs}], as in status --json; workspace; file. What is not known is null.\n",
        columns);
}

}  // namespace tributary::app
