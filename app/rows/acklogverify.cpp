// Asking a table for everything that it acknowledged.
#include <fmt/format.h>
#include <xxhash.h>

#include <deque>

#include "app/rows/acklog.h"
#include "engine/systems/maprdb/tables/tableapi.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::Method;
using Entry = std::pair<const std::string, Acknowledged>;

constexpr std::size_t kAskedMax = 64;
constexpr Millis kVerifyTimeoutMs = 60'000;
constexpr const char* kColumn = "v";

/// The newest value of the column; nullopt when the row does not show one.
Result<std::optional<Bytes>> valueIn(BytesView answer, const std::string& family) {
    const Json json = Json::parse(answer, nullptr, false);
    const auto cells = json.is_object() ? json.find("cells") : json.end();
    if (json.is_discarded() || cells == json.end()) {
        return Error{ErrorCode::Corrupt, "the cluster's answer is malformed", {}, {}};
    }
    for (const Json& cell : *cells) {
        if (cell.value("family", "") != family || cell.value("column", "") != kColumn) continue;
        auto value = engine::bytesFromJson(cell.value("value", ""));
        if (!value) return value.error();
        return std::optional<Bytes>(std::move(value).value());
    }
    return std::optional<Bytes>();
}

void judge(const Entry& entry, const std::optional<Bytes>& value, std::size_t samplesMax, AckVerdict& verdict) {
    const auto& [key, acknowledged] = entry;
    ++verdict.keys;
    LostWrite lost{key, acknowledged.sequence, {}, {}};
    if (!value) {
        lost.reason = "is not there";
    } else {
        lost.shown = sequenceOfValue(key, *value);
        const bool same = XXH3_64bits(value->data(), value->size()) == acknowledged.valueHash;
        if (same) return;
        if (!lost.shown) {
            lost.reason = "shows a value that no workload wrote";
        } else if (*lost.shown > acknowledged.sequence) {
            ++verdict.newer;
            return;
        } else {
            lost.reason = fmt::format("shows the older write {}", *lost.shown);
        }
    }
    ++verdict.lost;
    if (verdict.samples.size() < samplesMax) verdict.samples.push_back(std::move(lost));
}

}  // namespace

Result<AckVerdict> verifyAckLog(engine::ControlClient& client, const AckTarget& target, const AckLog& log,
                                std::size_t samplesMax) {
    AckVerdict verdict;
    std::deque<const Entry*> asked;
    auto next = log.keys.begin();
    while (next != log.keys.end() || !asked.empty()) {
        if (next != log.keys.end() && asked.size() < kAskedMax) {
            const Json body{{"path", target.path}, {"key", engine::bytesToJson(next->first)}};
            if (Status sent = client.send(engine::maprdb::TableMethod::Get, body.dump()); !sent) return sent.error();
            asked.push_back(&*next++);
            continue;
        }
        const auto answer = client.receive(kVerifyTimeoutMs);
        if (!answer) return answer.error();
        const auto value = valueIn(answer.value(), target.family);
        if (!value) return value.error();
        judge(*asked.front(), value.value(), samplesMax, verdict);
        asked.pop_front();
    }
    return verdict;
}

}  // namespace tributary::app
