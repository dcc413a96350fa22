// A cluster in memory that takes Put requests and answers Get: enough for writers and verifiers.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>

#include "engine/node/controlclient.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tableapi.h"
#include "engine/systems/maprdb/tables/tablebody.h"

namespace tributary::app::test {

/// What survives connections: rows by key and column, and the troubles to come.
struct FakeCells {
    std::map<std::string, std::map<std::string, Bytes>> rows;  ///< key -> "family:column" -> value
    std::vector<std::size_t> batches;                          ///< rows of each Put that was applied
    int refuse = 0;                                            ///< the next Puts are refused for want of memory
    int forbid = 0;                                            ///< the next Puts are refused for want of a permission
    int loseAnswer = 0;  ///< the next Puts take effect, and the connection breaks before the answer
};

class FakeCellClient final : public engine::ControlClient {
public:
    explicit FakeCellClient(FakeCells& cells) : cells_(cells) {}

    Result<Bytes> call(engine::Method method, BytesView body, Millis) override {
        if (broken_) return lost();
        if (method == engine::maprdb::TableMethod::Put) return put(body);
        if (method == engine::maprdb::TableMethod::Get) return get(body);
        return Bytes("{}");
    }
    Status send(engine::Method method, BytesView body) override {
        if (broken_) return lost();
        answers_.push_back(call(method, body, 0));
        mostInFlight = std::max(mostInFlight, answers_.size());
        return okStatus();
    }
    Result<Bytes> receive(Millis) override {
        if (answers_.empty()) return Error{ErrorCode::Internal, "nothing was sent", {}, {}};
        auto answer = std::move(answers_.front());
        answers_.pop_front();
        return answer;
    }
    [[nodiscard]] const std::string& cluster() const override { return cluster_; }

    std::size_t mostInFlight = 0;

private:
    static Error lost() { return Error{ErrorCode::Unavailable, "the connection is lost", {}, {}}; }

    Result<Bytes> put(BytesView request) {
        if (cells_.refuse > 0) {
            --cells_.refuse;
            return Error{ErrorCode::Unavailable, "too many writes wait for memory", {}, {}};
        }
        if (cells_.forbid > 0) {
            --cells_.forbid;
            return Error{ErrorCode::PermissionDenied, "user ana lacks writeperm", {}, {}};
        }
        ByteReader reader(request);
        reader.blob();
        reader.fixed<std::uint8_t>();
        const auto body = engine::maprdb::parseBody(reader.raw(reader.remaining()));
        if (!body) return body.error();
        engine::maprdb::MutationReader list(body.value().mutations, 1);
        engine::maprdb::OpView op;
        std::size_t count = 0;
        while (list.next(op)) {
            ++count;
            auto cells = op.cells();
            engine::maprdb::CellView cell;
            while (cells.next(cell)) {
                const std::string column =
                    std::string(body.value().families.at(cell.family)) + ":" + Bytes(cell.qualifier);
                cells_.rows[Bytes(op.key)][column] = Bytes(cell.value);
            }
        }
        cells_.batches.push_back(count);
        if (cells_.loseAnswer == 0) return Bytes();
        --cells_.loseAnswer;
        broken_ = true;
        return lost();
    }

    Result<Bytes> get(BytesView request) {
        const engine::Json body = engine::Json::parse(request);
        const auto key = engine::bytesFromJson(body.at("key").get<std::string>());
        engine::Json cells = engine::Json::array();
        for (const auto& [column, value] : cells_.rows[key.value()]) {
            const std::size_t colon = column.find(':');
            cells.push_back(engine::Json{{"family", column.substr(0, colon)},
                                         {"column", column.substr(colon + 1)},
                                         {"timestamp", 1},
                                         {"value", engine::bytesToJson(value)}});
        }
        return Bytes(engine::Json{{"cells", cells}}.dump());
    }

    FakeCells& cells_;
    std::string cluster_ = "sf";
    std::deque<Result<Bytes>> answers_;
    bool broken_ = false;
};

}  // namespace tributary::app::test
