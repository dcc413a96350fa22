// Two instances asked over their control sockets.
#include "app/terminal/diffinstances.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/instances/instancebox.h"
#include "app/instances/replicasets.h"
#include "app/terminal/dataverbscommon.h"
#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/systems/naming.h"
#include "core/telemetry/humanunits.h"
#include "runbooks/runner/exitcodes.h"

namespace tributary::app {
namespace {

using ComparisonJson = nlohmann::ordered_json;
using runbooks::ExitCode;

constexpr Millis kReadMs = 60'000;  ///< of one page of rows

/// The end of a comparison that could not be made: 1 says that the data differ, so no failure may end with it.
int failComparison(const VerbContext& context, const Error& error) {
    const bool wrong = error.code == ErrorCode::InvalidInput || error.code == ErrorCode::NotFound;
    return context.fail(error, static_cast<int>(wrong ? ExitCode::Usage : ExitCode::Unknown));
}

Result<std::unique_ptr<InstanceBox>> boxOf(Session& session, const std::string& word) {
    const Endpoint end = endpointOf(word);
    const auto place = findMember(session.workspace().paths.root, session.topology(), end.cluster, end.member);
    if (!place) return place.error();
    return InstanceBox::connect(place.value(), kReadMs);
}

std::string countText(std::uint64_t rows) {
    return rows == 1 ? std::string("1 row") : groupedDigits(rows) + " rows";
}

std::string rowsDiffer(std::uint64_t rows) {
    return countText(rows) + (rows == 1 ? " differs" : " differ");
}

std::string hex(const SpaceFingerprint& print) {
    return fmt::format("{:016x}", print.hash);
}

ComparisonJson spaceJson(const SpaceComparison& each) {
    ComparisonJson rows = ComparisonJson::array();
    for (const RowDifference& row : each.differences) {
        rows.push_back({{"key", row.key},
                        {"a", row.a.empty() ? ComparisonJson() : ComparisonJson(row.a)},
                        {"b", row.b.empty() ? ComparisonJson() : ComparisonJson(row.b)}});
    }
    const bool isRead = each.shape.empty();
    const auto orUnread = [&](auto value) { return isRead ? ComparisonJson(value) : ComparisonJson(); };
    return {{"space", each.space()},
            {"identical", each.isIdentical()},
            {"problem", each.shape},
            {"rowsA", orUnread(each.a.rows)},
            {"rowsB", orUnread(each.b.rows)},
            {"fingerprintA", orUnread(hex(each.a))},
            {"fingerprintB", orUnread(hex(each.b))},
            {"rowsDifferent", each.rowsDifferent},
            {"rowsChanging", each.rowsChanging},
            {"differences", rows}};
}

Result<std::vector<SpaceComparison>> compared(InstanceBox& a, InstanceBox& b, const std::vector<std::string>& spaces) {
    CompareOptions options;
    options.pause = pauseFor;
    if (spaces.empty()) return compareInstances(a, b, options);
    std::vector<SpaceComparison> out;
    for (const std::string& space : spaces) {
        auto one = compareSpace(a, b, space, options);
        if (!one) return one.error();
        out.push_back(std::move(one).value());
    }
    return out;
}

}  // namespace

bool namesMember(const std::string& word) {
    return endpointOf(word).isMember();
}

std::string comparisonText(const std::string& a, const std::string& b, const std::vector<SpaceComparison>& spaces) {
    std::string out;
    for (const SpaceComparison& each : spaces) {
        const std::string name = shownLine(each.space());
        if (!each.shape.empty()) {
            out += fmt::format("different\t{}\t{}\n", name, each.shape);
            continue;
        }
        if (each.isIdentical()) {
            out += fmt::format("identical\t{}\t{}\t{}\n", name, countText(each.a.rows), hex(each.a));
            continue;
        }
        const std::string sizes = fmt::format("({} in {}, {} in {})", each.a.rows, a, each.b.rows, b);
        if (each.rowsDifferent > 0) {
            out += fmt::format("different\t{}\t{} {}\n", name, rowsDiffer(each.rowsDifferent), sizes);
        }
        if (each.rowsChanging > 0) {
            out += fmt::format("still changing\t{}\t{} {}\n", name, rowsDiffer(each.rowsChanging), sizes);
        }
        for (const RowDifference& row : each.differences) {
            out += fmt::format("  {}\t{}\t{}\n", shownLine(row.key), row.a.empty() ? "-" : shownLine(row.a),
                               row.b.empty() ? "-" : shownLine(row.b));
        }
        if (each.rowsDifferent > each.differences.size()) {
            out += fmt::format("  ... and {} more\n", each.rowsDifferent - each.differences.size());
        }
    }
    return spaces.empty() ? "identical\tno spaces that replicate\n" : out;
}

int comparisonExit(const std::vector<SpaceComparison>& spaces) {
    bool isChanging = false;
    for (const SpaceComparison& each : spaces) {
        if (each.rowsDifferent > 0 || !each.shape.empty()) return static_cast<int>(ExitCode::VerifyFailed);
        isChanging = isChanging || each.rowsChanging > 0;
    }
    return isChanging ? static_cast<int>(ExitCode::Unknown) : 0;
}

int diffInstances(const VerbContext& context, const std::string& a, const std::string& b,
                  const std::vector<std::string>& spaces) {
    auto session = Session::open({context.workspaceDir, context.user, false});
    if (!session) return failComparison(context, session.error());
    auto boxA = boxOf(*session.value(), a);
    if (!boxA) return failComparison(context, boxA.error());
    auto boxB = boxOf(*session.value(), b);
    if (!boxB) return failComparison(context, boxB.error());
    const auto result = compared(*boxA.value(), *boxB.value(), spaces);
    if (!result) return failComparison(context, result.error());
    if (context.json) {
        ComparisonJson rows = ComparisonJson::array();
        for (const SpaceComparison& each : result.value()) rows.push_back(spaceJson(each));
        const bool isIdentical = std::all_of(result.value().begin(), result.value().end(),
                                             [](const SpaceComparison& each) { return each.isIdentical(); });
        printJson({{"a", a}, {"b", b}, {"identical", isIdentical}, {"spaces", rows}});
    } else {
        printRaw(stdout, comparisonText(a, b, result.value()));
    }
    return comparisonExit(result.value());
}

}  // namespace tributary::app
