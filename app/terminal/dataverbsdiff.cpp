// diff: do two tables show the same rows?
#include <fmt/format.h>

#include "app/rows/displaytext.h"
#include "app/terminal/dataverbscommon.h"
#include "core/base/text.h"
#include "engine/systems/maprdb/difftables.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::maprdb::DiffResult;

constexpr int kDifferent = 1;
constexpr int kUsage = 2;
constexpr int kCouldNotTell = 3;

Json toJson(const std::string& a, const std::string& b, const DiffResult& result) {
    Json json{{"a", a},
              {"b", b},
              {"identical", result.identical},
              {"rows_a", result.rowsSource},
              {"rows_b", result.rowsReplica},
              {"rows_different", result.rowsDifferent},
              {"differences", Json::array()}};
    for (const auto& difference : result.differences) {
        json["differences"].push_back(Json{{"key", displayBytes(difference.key)},
                                           {"kind", engine::maprdb::differenceName(difference.kind)},
                                           {"detail", displayBytes(difference.detail)}});
    }
    return json;
}

void print(const std::string& a, const std::string& b, const DiffResult& result) {
    if (result.identical) {
        fmt::print("identical\t{} rows\n", result.rowsSource);
        return;
    }
    fmt::print("different\t{} rows differ ({} in {}, {} in {})\n", result.rowsDifferent, result.rowsSource, a,
               result.rowsReplica, b);
    for (const auto& difference : result.differences) {
        fmt::print("{}\t{}\t{}\n", displayBytes(difference.key), engine::maprdb::differenceName(difference.kind),
                   displayBytes(difference.detail));
    }
    if (result.rowsDifferent > result.differences.size()) {
        fmt::print("... and {} more\n", result.rowsDifferent - result.differences.size());
    }
}

/// 1 says that the tables differ, so no failure may end with it.
int failUntold(const VerbContext& context, const Error& error) {
    (void)context.fail(error);
    return error.code == ErrorCode::InvalidInput ? kUsage : kCouldNotTell;
}

int diffTablesOf(const VerbContext& context, const std::string& first, const std::string& second) {
    auto session = openSession(context);
    if (!session) return failUntold(context, session.error());
    engine::maprdb::ClusterCalls calls(session.value()->directory(), wallNowMs);
    const auto a = calls.fullPath(first, {}, "A");
    if (!a) return failUntold(context, a.error());
    const auto b = calls.fullPath(second, {}, "B");
    if (!b) return failUntold(context, b.error());
    const auto result = engine::maprdb::sameData(calls, a.value(), b.value());
    if (!result) return failUntold(context, result.error());
    if (context.json) {
        printJson(toJson(a.value(), b.value(), result.value()));
    } else {
        print(a.value(), b.value(), result.value());
    }
    return result.value().identical ? 0 : kDifferent;
}

}  // namespace

Verb diffVerb() {
    Verb verb{"diff",
              "data",
              "Compare two tables: exit 0 identical, 1 different, 3 could not tell",
              "tributary diff /mapr/sanfrancisco/customers /mapr/newyork/customers",
              {}};
    verb.describe = [](CLI::App& app) {
        struct Options {
            std::string a, b;
        };
        auto options = std::make_shared<Options>();
        app.add_option("A", options->a, "A table")->required();
        app.add_option("B", options->b, "The table to compare it with")->required();
        return [options](VerbContext& context) { return diffTablesOf(context, options->a, options->b); };
    };
    return verb;
}

}  // namespace tributary::app
