// Greeting, then answers.
#include "engine/admin/tarantool/boxsession.h"

namespace tributary::engine::tarantool {

Status BoxSession::greet() {
    Result<Greeting> greeting = Greeting::decode(head_);
    if (!greeting) return greeting.error();
    if (greeting->isConsole) {
        return Error{ErrorCode::Unsupported,
                     "a text console answers there (console.listen), which asks nobody for a password",
                     {},
                     "use the address of box.cfg.listen"};
    }
    greeting_ = std::move(greeting).value();
    return okStatus();
}

Status BoxSession::feed(BytesView bytes) {
    if (!greeting_) {
        const BytesView head = bytes.substr(0, Greeting::kSize - head_.size());
        head_.append(head);
        bytes.remove_prefix(head.size());
        if (head_.size() < Greeting::kSize) return okStatus();
        if (Status greeted = greet(); !greeted) return greeted;
    }
    stream_.feed(bytes);
    while (true) {
        Result<std::optional<Packet>> packet = stream_.next();
        if (!packet) return packet.error();
        if (!packet->has_value()) return okStatus();
        Packet& answer = **packet;
        if (answer.header.is(PacketType::Chunk)) continue;
        if (answer.header.sync == 0 || answer.header.sync > lastSync_) {
            return Error{ErrorCode::Corrupt, "the instance answers what it was not asked", {}, {}};
        }
        answers_.insert_or_assign(answer.header.sync, std::move(answer));
    }
}

std::optional<Packet> BoxSession::take(std::uint64_t sync) {
    const auto at = answers_.find(sync);
    if (at == answers_.end()) return std::nullopt;
    std::optional<Packet> answer(std::move(at->second));
    answers_.erase(at);
    return answer;
}

}  // namespace tributary::engine::tarantool
