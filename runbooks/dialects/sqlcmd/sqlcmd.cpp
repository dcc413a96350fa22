// One row; what a statement may be is the cluster's own affair.
#include "runbooks/dialects/sqlcmd/sqlcmd.h"

#include <fmt/format.h>

#include "runbooks/dialects/sqlcmd/statements.h"
#include "runbooks/dialects/templatewords.h"
#include "runbooks/dialects/voltdb/clusters.h"

namespace tributary::runbooks {
namespace {

DialectWords aboutSqlCmd() {
    DialectWords words{"sqlcmd", "voltdb", "sqlcmd", "sqlcmd --servers=east --query=\"show tables\"",
                       "  sqlcmd [--servers=CLUSTER|HOST] --query=\"STATEMENT; ...\"\n      statements on a running "
                       "cluster\n"};
    words.datasets = kDatabaseDatasets;
    return words;
}

WordTable sqlCmdTable() {
    return {{{Verb::SqlRun,
              {},
              {},
              {{"servers", {"--servers"}, "CLUSTER|HOST,..."},
               {"port", {"--port"}, "PORT"},
               {"query", {"--query"}, "\"STATEMENT; ...\""},
               {"format", {"--output-format"}, "fixed|csv|tab"},
               {"skip-metadata", {"--output-skip-metadata"}}},
              "--servers=east --query=\"exec @Statistics DRROLE 0\""}}};
}

class SqlCmd : public WordDialect {
public:
    SqlCmd() : WordDialect(aboutSqlCmd(), sqlCmdTable()) {}

    [[nodiscard]] std::string help(const std::vector<std::string>& words) const override {
        std::string text = WordDialect::help(words) + "\nStatements:\n";
        for (const StatementKind& kind : statementKinds())
            text += fmt::format("  {}\n      {}\n", kind.form, kind.summary);
        return text;
    }
    [[nodiscard]] StepShape shapeOf(const Operation& op) const override {
        const std::string servers = op.text("servers");
        if (servers.empty() || changesSomething(op.text("query"))) return shapeByHand(op);
        const std::string one = quoteTemplateWord(servers);
        return shapeOfLook("look", "Look at " + one, "database-up " + one);
    }

protected:
    [[nodiscard]] Status examine(const Operation& op) const override {
        const std::string query = op.text("query");
        if (isPlaceholder(query)) return okStatus();
        const auto statements = splitStatements(query);
        return statements ? okStatus() : Status(statements.error());
    }
};

}  // namespace

const Dialect& sqlcmd() {
    static const SqlCmd kSqlCmd;
    return kSqlCmd;
}

}  // namespace tributary::runbooks
