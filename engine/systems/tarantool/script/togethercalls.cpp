// What may wait, and until when.
#include "engine/systems/tarantool/script/togethercalls.h"

namespace tributary::engine::tarantool {

bool TogetherCalls::take(std::string_view method, BytesView arguments, Bytes& answer) {
    const bool isPut = method == "insert" || method == "replace";
    if (!isOn_ || !isOpen_ || !isPut || count_ >= kCallsMax || calls_.size() >= kBytesMax) return false;
    MsgpackReader reader(arguments);
    if (reader.array() != 2) return false;
    (void)reader.value();
    const bool isTuple = reader.ok() && reader.type() == MsgpackType::Array;
    const BytesView tuple = reader.value();
    if (!isTuple || !reader.ok()) return false;
    answer.clear();
    MsgpackWriter writer(answer);
    writer.array(1);
    writer.raw(tuple);
    appendBlob(calls_, method);
    appendBlob(calls_, arguments);
    ++count_;
    return true;
}

std::optional<BoxFailure> TogetherCalls::flush() {
    if (count_ == 0) return std::nullopt;
    count_ = 0;
    return carryOut_(std::exchange(calls_, {}));
}

void TogetherCalls::done(std::string_view method, BytesView answer) {
    if (method == "set_trigger") stop();
    if (method == "begin") isOpen_ = MsgpackReader(answer).array() == 0;
    if (method == "commit" || method == "rollback") isOpen_ = false;
}

}  // namespace tributary::engine::tarantool
