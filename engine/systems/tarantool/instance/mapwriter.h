// Maps and lists of answers, as MessagePack.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/systems/tarantool/msgpack/msgpackwriter.h"

namespace tributary::engine::tarantool {

/// A map whose count is known when it is done.
class MapWriter {
public:
    void text(std::string_view key, std::string_view value) { keyed(key).string(value); }
    void number(std::string_view key, std::uint64_t value) { keyed(key).unsignedInteger(value); }
    void real(std::string_view key, double value) { keyed(key).real(value); }
    void flag(std::string_view key, bool value) { keyed(key).boolean(value); }
    void raw(std::string_view key, BytesView value) { keyed(key).raw(value); }
    void rawNumbered(std::uint64_t key, BytesView value) {
        ++count_;
        MsgpackWriter writer(fields_);
        writer.unsignedInteger(key);
        writer.raw(value);
    }
    [[nodiscard]] Bytes take() const {
        Bytes out;
        MsgpackWriter(out).map(count_);
        return out + fields_;
    }

private:
    MsgpackWriter keyed(std::string_view key) {
        ++count_;
        MsgpackWriter writer(fields_);
        writer.string(key);
        return writer;
    }
    std::size_t count_ = 0;
    Bytes fields_;
};

[[nodiscard]] inline Bytes textArray(const std::vector<std::string>& texts) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(texts.size());
    for (const std::string& text : texts) writer.string(text);
    return out;
}

}  // namespace tributary::engine::tarantool
