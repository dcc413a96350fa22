// diff: do two tables show the same rows?
#include <fmt/format.h>

#include "app/observe/clocks.h"
#include "app/rows/displaytext.h"
#include "app/terminal/dataverbscommon.h"
#include "app/terminal/diffinstances.h"
#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/systems/naming.h"
#include "engine/admin/difftables.h"
#include "runbooks/runner/exitcodes.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::maprdb::DiffResult;

using runbooks::ExitCode;

constexpr int kDifferent = static_cast<int>(ExitCode::VerifyFailed);
constexpr int kUsage = static_cast<int>(ExitCode::Usage);
constexpr int kCouldNotTell = static_cast<int>(ExitCode::Unknown);
constexpr int kOnlyDeletes = static_cast<int>(ExitCode::OnlyDeletes);

Json toJson(const std::string& a, const std::string& b, const DiffResult& result) {
    Json json{{"a", a},
              {"b", b},
              {"identical", result.identical && result.rowsOnlyDeletes == 0},
              {"rows_a", result.rowsSource},
              {"rows_b", result.rowsReplica},
              {"rows_different", result.rowsDifferent},
              {"rows_changing", result.rowsChanging},
              {"rows_only_deletes", result.rowsOnlyDeletes},
              {"looks", result.looks},
              {"differences", Json::array()}};
    for (const auto& difference : result.differences) {
        Json item = Json::object();
        addBytes(item, "key", difference.key);
        item["kind"] = engine::maprdb::differenceName(difference.kind);
        item["detail"] = difference.detail;
        item["changing"] = difference.changing;
        json["differences"].push_back(std::move(item));
    }
    if (!result.deletesKeys.empty()) json["only_deletes"] = Json::array();
    for (const Bytes& key : result.deletesKeys) json["only_deletes"].push_back(escapedBytes(key));
    return json;
}

/// The tables show the same, and a late write would meet other deletes.
void printDeletes(const DiffResult& result) {
    fmt::print("identical but for deletes\t{} rows show the same, {} differ in their deletes\n", result.rowsSource,
               result.rowsOnlyDeletes);
    for (const Bytes& key : result.deletesKeys) fmt::print("{}\tdeletes\n", escapedBytes(key));
    if (result.rowsOnlyDeletes > result.deletesKeys.size()) {
        fmt::print("... and {} more\n", result.rowsOnlyDeletes - result.deletesKeys.size());
    }
}

std::string differing(std::uint64_t rows) {
    return rows == 1 ? std::string("1 row differs") : fmt::format("{} rows differ", rows);
}

void print(const std::string& a, const std::string& b, const DiffResult& result) {
    if (result.identical && result.rowsOnlyDeletes > 0) return printDeletes(result);
    if (result.identical) {
        fmt::print("identical\t{} rows\n", result.rowsSource);
        return;
    }
    const std::string sizes = fmt::format("({} in {}, {} in {})", result.rowsSource, a, result.rowsReplica, b);
    if (result.rowsDifferent > 0) fmt::print("different\t{} {}\n", differing(result.rowsDifferent), sizes);
    if (result.rowsChanging > 0) {
        fmt::print("still changing\t{} in another way at each of {} looks {}\n", differing(result.rowsChanging),
                   result.looks, sizes);
    }
    for (const auto& difference : result.differences) {
        fmt::print("{}\t{}{}\t{}\n", escapedBytes(difference.key), engine::maprdb::differenceName(difference.kind),
                   difference.changing ? ", still changing" : "", difference.detail);
    }
    const std::uint64_t all = result.rowsDifferent + result.rowsChanging;
    if (all > result.differences.size()) fmt::print("... and {} more\n", all - result.differences.size());
}

int exitOfDiff(const DiffResult& result) {
    if (result.rowsDifferent > 0 || !result.metadata.empty()) return kDifferent;
    if (result.rowsChanging > 0) return kCouldNotTell;
    return result.rowsOnlyDeletes > 0 ? kOnlyDeletes : 0;
}

/// 1 says that the tables differ, so no failure may end with it.
int failUntold(const VerbContext& context, const Error& error) {
    const bool wrong = error.code == ErrorCode::InvalidInput || error.code == ErrorCode::NotFound;
    return context.fail(error, wrong ? kUsage : kCouldNotTell);
}

int diffTablesOf(const VerbContext& context, const std::string& first, const std::string& second) {
    auto session = openSession(context);
    if (!session) return failUntold(context, session.error());
    engine::maprdb::ClusterCalls calls(session.value()->directory(), wallNowMs);
    const auto a = calls.fullPath(first, {}, "A");
    if (!a) return failUntold(context, a.error());
    const auto b = calls.fullPath(second, {}, "B");
    if (!b) return failUntold(context, b.error());
    calls.standAt(clusterOf(a.value()));
    calls.setPause(pauseFor);
    for (const std::string& path : {a.value(), b.value()}) {
        const auto found = calls.findDataset(path);
        if (!found || !*found || (*found)->record.kind != "stream") continue;
        return failUntold(context,
                          Error{ErrorCode::InvalidInput,
                                path + " is a stream, not a table",
                                {},
                                fmt::format("tributary mapr diffstreams -src {} -dst {}", a.value(), b.value())});
    }
    const auto result = engine::maprdb::sameData(calls, a.value(), b.value());
    if (!result) return failUntold(context, result.error());
    if (context.json) {
        printJson(toJson(a.value(), b.value(), result.value()));
    } else {
        print(a.value(), b.value(), result.value());
    }
    return exitOfDiff(result.value());
}

}  // namespace

Verb diffVerb() {
    Verb verb{"diff",
              "data",
              "Compare two tables, or the spaces of two instances: exit 0 identical, 1 different, 3 could not tell or "
              "still changing, 4 different only in deletes",
              "tributary diff /mapr/sanfrancisco/customers /mapr/newyork/customers\n"
              "tributary diff replicaset001/instance001 replicaset001/instance002\n"
              "tributary diff replicaset001/instance001 replicaset001/instance002 --space bands",
              {}};
    verb.describe = [](CLI::App& app) {
        struct Options {
            std::string a, b;
            std::vector<std::string> spaces;
        };
        auto options = std::make_shared<Options>();
        app.add_option("A", options->a, "A table, or CLUSTER/INSTANCE")->required();
        app.add_option("B", options->b, "The table or instance to compare it with")->required();
        app.add_option("--space", options->spaces, "Of instances: only this space; may be given again")
            ->type_name("NAME");
        return [options](VerbContext& context) {
            if (namesMember(options->a) || namesMember(options->b))
                return diffInstances(context, options->a, options->b, options->spaces);
            return diffTablesOf(context, options->a, options->b);
        };
    };
    return verb;
}

}  // namespace tributary::app
