// The copy of a stream: topics, messages with their offsets, cursors. Doing it twice changes nothing.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "engine/dataset/copywork.h"

namespace tributary::engine::maprdb {

/// Paths are full.
struct StreamCopyRequest {
    std::string src;
    std::string dst;
    std::size_t chunkBytesMax = 1U << 20U;
    std::size_t putsInFlightMax = 4;
};

/// What is there when it begins: later messages are the link's. The token has for each partition the offset up to which
/// all is acknowledged.
class StreamCopyWork final : public CopyWork {
public:
    explicit StreamCopyWork(StreamCopyRequest request, const nlohmann::ordered_json& token = {});

    std::optional<CopyCall> next() override;
    Status answered(std::uint64_t id, Result<Bytes> answer) override;
    [[nodiscard]] bool done() const override { return stage_ == Stage::Done; }
    [[nodiscard]] const CopyFigures& figures() const override { return figures_; }
    [[nodiscard]] nlohmann::ordered_json token() const override;
    [[nodiscard]] std::size_t topics() const { return topicsMade_; }

private:
    enum class Stage { Topics, Making, Messages, Cursors, PutCursors, Done };
    enum class Kind { Topics, MakeTopic, Read, Put, Cursors, PutCursors };
    struct Partition {
        std::string topic;
        std::uint32_t number = 0;
        std::uint64_t low = 0;
        std::uint64_t next = 0;    ///< of the next read
        std::uint64_t end = 0;     ///< as it was when the copy began
        std::uint64_t copied = 0;  ///< all below it is acknowledged
    };
    struct Chunk {
        std::size_t partition = 0;
        std::uint64_t upTo = 0;
        std::uint64_t messages = 0;
        Bytes parts;
    };
    struct Sent {
        Kind kind = Kind::Read;
        std::size_t partition = 0;
        std::uint64_t upTo = 0;
        std::uint64_t messages = 0;
        std::uint64_t bytes = 0;
        bool acknowledged = false;
    };
    CopyCall call(Kind kind, bool atSource, Bytes body);
    std::optional<CopyCall> nextTopic();
    std::optional<CopyCall> nextMessages();
    CopyCall nextPut();
    Status takeTopics(const Bytes& answer);
    Status takeMessages(const Sent& sent, const Bytes& answer);
    Status takeCursors(const Bytes& answer);
    void skip(const std::string& topic);
    void acknowledge(std::uint64_t id);
    void messagesDone();

    StreamCopyRequest request_;
    nlohmann::ordered_json from_;  ///< the token
    Stage stage_ = Stage::Topics;
    CopyFigures figures_;
    std::uint64_t nextId_ = 1;
    bool asked_ = false;                                        ///< the one request of a stage that has one
    std::vector<std::pair<std::string, std::uint32_t>> names_;  ///< topics and how many partitions
    std::size_t named_ = 0;
    std::size_t topicsMade_ = 0;
    std::vector<Partition> partitions_;
    std::size_t at_ = 0;  ///< the partition that is read
    bool reading_ = false;
    std::size_t puts_ = 0;
    std::map<std::uint64_t, Sent> sent_;
    std::deque<Chunk> ready_;
    Bytes cursors_;
};

}  // namespace tributary::engine::maprdb
