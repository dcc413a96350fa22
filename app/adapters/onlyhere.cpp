// Comparing a table with its other copies, row by row where they differ.
#include "app/adapters/onlyhere.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "core/telemetry/humanunits.h"
#include "engine/admin/difftables.h"
#include "engine/admin/tableadmincopymeta.h"
#include "engine/node/controlapi.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::Method;
using engine::maprdb::CellChange;
using engine::maprdb::ClusterCalls;
using engine::maprdb::DiffRequest;
using engine::maprdb::DiffResult;
using engine::maprdb::numberOf;
using engine::maprdb::TableDescription;
using engine::maprdb::textOf;

constexpr std::size_t kKeysMax = 5;
constexpr std::size_t kKeptMax = 200'000;  ///< keys kept to compare with more than one other table
constexpr int kScanRows = 1'000;

/// Takes the changes that would make two tables equal, and keeps the rows whose newest cells only one side has.
class NewerRows {
public:
    /// Cells of `left` families do not count: they are gone by then.
    explicit NewerRows(std::set<std::string> left) : left_(std::move(left)) {}
    Status take(const CellChange& change) {
        if (change.remove || left_.count(change.family) > 0) return okStatus();
        if (change.key != key_) settle();
        key_ = change.key;
        Newest& cell = cells_[{change.family, change.qualifier}];
        Millis& side = change.toB ? cell.there : cell.here;
        side = std::max(side, change.timestampMs);
        return okStatus();
    }
    /// After the last change.
    void settle() {
        const bool newer = std::any_of(cells_.begin(), cells_.end(),
                                       [](const auto& cell) { return cell.second.here > cell.second.there; });
        if (newer) {
            ++count_;
            if (keys_.size() < kKeptMax) keys_.insert(key_);
        }
        cells_.clear();
    }
    /// A row by itself, counted once. False when there are too many to tell.
    bool add(const Bytes& key) {
        if (keys_.size() >= kKeptMax) return false;
        if (keys_.insert(key).second) ++count_;
        return true;
    }
    [[nodiscard]] std::int64_t count() const { return count_; }
    /// Nothing when there were too many to keep.
    [[nodiscard]] std::optional<std::set<Bytes>> keys() const {
        return static_cast<std::int64_t>(keys_.size()) == count_ ? std::optional(keys_) : std::nullopt;
    }
    [[nodiscard]] std::vector<std::string> samples() const { return samplesOf(keys_); }
    static std::vector<std::string> samplesOf(const std::set<Bytes>& keys) {
        std::vector<std::string> out;
        for (const Bytes& key : keys) {
            if (out.size() == kKeysMax) break;
            out.push_back(engine::bytesToJson(key));
        }
        return out;
    }

private:
    struct Newest {
        Millis here = -1;
        Millis there = -1;
    };
    std::set<std::string> left_;
    Bytes key_;
    std::map<std::pair<std::string, Bytes>, Newest> cells_;
    std::int64_t count_ = 0;
    std::set<Bytes> keys_;
};

std::string familyOf(const std::string& family, const std::string& path) {
    return fmt::format("family {} of {}", family, path);
}

class Comparison {
public:
    Comparison(ClusterCalls& calls, const TableDescription& table, const std::string& family, const GoneByThen& gone)
        : calls_(calls), table_(table), family_(family), columns_(family), gone_(gone) {
        const auto left = gone.families.find(table.record.path);
        if (!family.empty() || left == gone.families.end()) return;
        left_ = left->second;
        for (const auto& each : table.record.families) {
            const bool stays = each.live() && left_.count(each.name) == 0;
            if (stays) columns_ += (columns_.empty() ? "" : ",") + each.name;
        }
        nothingStays_ = columns_.empty();
    }

    OnlyHere run(const std::vector<std::string>& related) {
        if (nothingStays_) {
            out_.rows = out_.onlyHere = 0;
            return std::move(out_);
        }
        for (const std::string& path : others(related)) {
            if (!compareWith(path)) return std::move(out_);
        }
        if (out_.onlyHere < 0) countAll();
        addWaiting();
        if (out_.onlyHere > 0 && out_.problem.empty() && !goes_.empty())
            out_.problem = fmt::format("{} is deleted by an earlier step", goes_);
        return std::move(out_);
    }

private:
    /// Linked by records first: what could not be asked of them leaves the whole unknown.
    std::vector<std::string> others(const std::vector<std::string>& related) {
        std::vector<std::string> paths;
        const auto add = [&](const std::string& path) {
            const bool known = path == table_.record.path || std::find(paths.begin(), paths.end(), path) != paths.end();
            if (!known) paths.push_back(path);
        };
        for (const auto& replica : table_.record.replicas) add(replica.path);
        for (const auto& upstream : table_.record.upstreams) add(upstream.path);
        for (const std::string& path : related) {
            if (const auto full = calls_.fullPath(path, {}, {})) add(*full);
        }
        return paths;
    }

    /// False when the answer is unknown from here on.
    bool compareWith(const std::string& path) {
        const auto other = calls_.find(path);
        if (!other) {
            const bool noTable =
                other.error().code == ErrorCode::NotFound || other.error().code == ErrorCode::InvalidInput;
            return noTable ? true : giveUp(other.error());
        }
        if (!other->has_value() || (*other)->record.kind != table_.record.kind) return true;
        if (gone_.holds(path, family_)) {
            goes_ = gone_.tables.count(path) > 0 ? path : familyOf(family_, path);
            return true;
        }
        if (!family_.empty() && (*other)->record.family(family_) == nullptr) return true;  // holds no cell of it
        DiffRequest request;
        request.a = path;
        request.b = table_.record.path;
        request.columns = family_;
        request.samplesMax = 0;
        NewerRows newer(left_);
        const Result<DiffResult> diff =
            diffTables(calls_, request, [&](const CellChange& change) { return newer.take(change); });
        if (!diff) return giveUp(diff.error());
        newer.settle();
        if (!addLeavingFamilies(path, newer)) return false;
        out_.rows = static_cast<std::int64_t>(diff->rowsReplica);
        // What goes with its own families until then is no row of it any more.
        if (!left_.empty()) {
            const Result<std::int64_t> stays = countRows();
            if (!stays) return giveUp(stays.error());
            out_.rows = *stays;
        }
        fold(newer);
        return true;
    }

    /// Rows with cells in a family that an earlier step takes from the other table are not held by that one.
    bool addLeavingFamilies(const std::string& path, NewerRows& newer) {
        const auto leaving = gone_.families.find(path);
        if (leaving == gone_.families.end()) return true;
        for (const std::string& family : leaving->second) {
            if (table_.record.family(family) == nullptr || left_.count(family) > 0) continue;
            goes_ = familyOf(family, path);
            if (!addRowsWith(family, newer)) return false;
        }
        return true;
    }

    bool addRowsWith(const std::string& family, NewerRows& newer) {
        std::string from;
        while (true) {
            const Json body{
                {"path", table_.record.path}, {"from", from}, {"to", ""}, {"limit", kScanRows}, {"columns", family}};
            const Result<Json> answer = calls_.callAt(table_.record.path, engine::maprdb::TableMethod::Scan, body);
            if (!answer) return giveUp(answer.error());
            for (const Json& row : answer->value("rows", Json::array())) {
                const Result<Bytes> key = engine::bytesFromJson(textOf(row, "key"));
                if (!key) return giveUp(key.error());
                if (newer.add(*key)) continue;
                return giveUp(Error{ErrorCode::Unsupported, "there are too many rows to compare", {}, {}});
            }
            from = textOf(*answer, "next");
            if (from.empty()) return true;
        }
    }

    /// A row exists nowhere else when every other table lacks it.
    void fold(const NewerRows& newer) {
        const std::optional<std::set<Bytes>> keys = newer.keys();
        if (out_.onlyHere < 0) {
            kept_ = keys;
            out_.onlyHere = newer.count();
            out_.keys = newer.samples();
        } else if (kept_ && keys) {
            std::set<Bytes> both;
            std::set_intersection(kept_->begin(), kept_->end(), keys->begin(), keys->end(),
                                  std::inserter(both, both.end()));
            kept_ = std::move(both);
            out_.onlyHere = static_cast<std::int64_t>(kept_->size());
            out_.keys = NewerRows::samplesOf(*kept_);
        } else if (newer.count() < out_.onlyHere) {
            out_.onlyHere = newer.count();  // no more than that
            out_.keys = newer.samples();
        }
    }

    bool giveUp(const Error& error) {
        out_.onlyHere = -1;
        out_.keys.clear();
        out_.problem = error.text();
        return false;
    }

    /// Rows with cells in what stays of the table until then.
    Result<std::int64_t> countRows() {
        std::int64_t rows = 0;
        const std::string& path = table_.record.path;
        const Json body{{"path", path}, {"from", ""}, {"to", ""}, {"columns", columns_}, {"rowsperrange", 65'536}};
        const Result<Json> answer =
            calls_.callAt(path, engine::maprdb::TableMethod::Fingerprint, body, engine::maprdb::kDataCallTimeoutMs);
        if (!answer) return answer.error();
        for (const Json& range : answer->value("ranges", Json::array())) rows += numberOf(range, "rows");
        return rows;
    }

    /// There is no other table: every row is found here alone.
    void countAll() {
        const Result<std::int64_t> rows = countRows();
        if (!rows) {
            giveUp(rows.error());
            return;
        }
        out_.rows = out_.onlyHere = *rows;
        sampleKeys(table_.record.path);
    }

    void sampleKeys(const std::string& path) {
        const Json body{{"path", path}, {"from", ""}, {"to", ""}, {"limit", kKeysMax}, {"columns", columns_}};
        const Result<Json> answer = calls_.callAt(path, engine::maprdb::TableMethod::Scan, body);
        if (!answer) return;  // the count stands without examples
        for (const Json& row : answer->value("rows", Json::array())) out_.keys.push_back(textOf(row, "key"));
    }

    /// Deletes that wait show in no row: the links' own figures tell of them.
    void addWaiting() {
        if (out_.onlyHere != 0 || table_.record.replicas.empty()) return;
        const std::string& path = table_.record.path;
        const Result<Json> answer =
            calls_.callAt(path, engine::maprdb::TableMethod::ListReplicas, Json{{"path", path}, {"refresh", true}});
        if (!answer) {
            giveUp(answer.error());
            return;
        }
        for (const Json& row : answer->value("replicas", Json::array())) {
            const std::int64_t waiting = numberOf(row, "putspending", -1);
            if (waiting == 0) continue;
            const std::string to = textOf(row, "path");
            if (waiting < 0) {
                giveUp(Error{ErrorCode::Unavailable, "what waits for " + to + " is not known", {}, {}});
                return;
            }
            out_.onlyHere += waiting;
            out_.problem =
                fmt::format("{} {} to be sent to {}", countText(static_cast<std::uint64_t>(waiting), "operation"),
                            waiting == 1 ? "waits" : "wait", to);
        }
    }

    ClusterCalls& calls_;
    const TableDescription& table_;
    const std::string& family_;
    std::string columns_;         ///< what stays of the table until then; empty = all
    std::set<std::string> left_;  ///< families of the table that are gone by then
    bool nothingStays_ = false;
    const GoneByThen& gone_;
    std::string goes_;  ///< a copy that is none any more by then
    OnlyHere out_;
    std::optional<std::set<Bytes>> kept_;
};

/// Messages are not compared here: what is linked with nothing exists nowhere else, and of the rest nothing is told.
OnlyHere messagesOnlyHere(const TableDescription& stream) {
    OnlyHere out;
    out.rows = static_cast<std::int64_t>(stream.rows);
    const bool alone = stream.record.replicas.empty() && stream.record.upstreams.empty();
    if (alone || out.rows == 0) {
        out.onlyHere = out.rows;
        return out;
    }
    out.problem = "which messages the streams that it is linked with have is not compared here";
    return out;
}

}  // namespace

bool GoneByThen::holds(const std::string& path, const std::string& family) const {
    if (tables.count(path) > 0) return true;
    const auto known = families.find(path);
    return !family.empty() && known != families.end() && known->second.count(family) > 0;
}

OnlyHere countOnlyHere(ClusterCalls& calls, const TableDescription& table, const std::string& family,
                       const OtherCopies& copies) {
    if (engine::maprdb::isStream(table.record)) return messagesOnlyHere(table);
    return Comparison(calls, table, family, copies.gone).run(copies.related);
}

}  // namespace tributary::app
