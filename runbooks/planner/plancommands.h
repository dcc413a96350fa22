// Command lines and checks of plans: how a table's state is made and changed, in the words of maprcli.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/topology/differences.h"
#include "runbooks/model/runbook.h"

namespace tributary::runbooks::detail {

/// A line under construction; values are quoted where they need to be.
class Line {
public:
    explicit Line(std::string_view command) : text_(command) {}
    Line& with(std::string_view option, std::string_view value);
    /// Only when `wanted`.
    Line& withFlag(std::string_view option, bool wanted);
    [[nodiscard]] std::string text() const { return text_; }
    operator std::string() const { return text_; }  // NOLINT: a line is a text

private:
    std::string text_;
};

/// "1 row", "1,234 rows".
[[nodiscard]] std::string countedRows(std::uint64_t rows);
[[nodiscard]] Check check(std::string name, std::vector<std::string> arguments);
[[nodiscard]] VerifyClause becomes(Check what, Millis withinMs, Millis intervalMs);

/// One option of a table or of a family of it, as it is and as it should be, spelled as the command takes it.
struct OptionChange {
    std::string attribute;  ///< as AttributeRow names it
    std::string family;     ///< empty: of the table
    std::string option;     ///< "deletettl", "replperm", "maxversions"
    std::string now;        ///< empty for a permission: nobody
    std::string wanted;
    bool losesCells = false;

    /// The check that it has this value.
    [[nodiscard]] Check has(const std::string& path, const std::string& value) const;
};
/// The options whose rows differ; kind and bulkload, which no command sets, are left out.
[[nodiscard]] std::vector<OptionChange> optionChanges(const std::vector<AttributeRow>& rows);
/// `table edit`, or `table cf edit` of one family, that sets the options to what is wanted, or back to what is.
[[nodiscard]] std::string editLine(const std::string& path, const std::vector<OptionChange>& changes, bool back,
                                   std::string_view noun = "table");

/// A drawn table as it will be when it was created from nothing.
[[nodiscard]] ObservedDataset asCreated(const Dataset& drawn);
/// Topics of a stream, one line each.
[[nodiscard]] std::vector<CommandLine> topicLines(const std::string& path, const std::vector<std::string>& topics);
/// The lines that create a table with this state: table, families, then what only an edit sets. Permissions last, so
/// that they do not stop the rest. Of a stream: the stream, then its topics.
[[nodiscard]] std::vector<CommandLine> createLines(const ObservedDataset& state);
/// One family: `table cf create` with all that it does not have by itself.
[[nodiscard]] std::string familyLine(const std::string& path, const ObservedFamily& family);
/// A family as it will be when it was created as drawn.
[[nodiscard]] ObservedFamily asCreated(const Dataset& dataset, const Family& drawn);

/// How a replica is fed, spelled as the command takes it.
struct ReplicaOptions {
    std::string columns;  ///< empty: everything
    bool synchronous = false;
    bool throttle = false;
    std::string networkCompression;
};
[[nodiscard]] ReplicaOptions optionsOf(const Replica& drawn);
[[nodiscard]] ReplicaOptions optionsOf(const ObservedReplica& seen);
[[nodiscard]] std::string replicaAddLine(const std::string& from, const std::string& to, const ReplicaOptions& options,
                                         bool paused, std::string_view noun = "table");
[[nodiscard]] std::string copyStreamLine(const std::string& from, const std::string& to);
[[nodiscard]] std::string copyLine(const std::string& from, const std::string& to, const std::string& columns,
                                   bool json);

}  // namespace tributary::runbooks::detail
