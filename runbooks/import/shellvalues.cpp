// The variables; words are in shellexpand.cpp.
#include "runbooks/import/shellvalues.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::runbooks::shell {
namespace {

bool isNumber(const std::string& text) {
    return !text.empty() && text.size() < 8 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Value unknownValue(std::string reason) {
    return {Value::Kind::Unknown, {}, {}, std::move(reason)};
}

Value knownValue(std::string text) {
    return {Value::Kind::Known, std::move(text), {}, {}};
}

bool fits(const std::vector<std::string>& items) {
    std::size_t bytes = 0;
    for (const std::string& item : items) bytes += item.size();
    return items.size() <= Values::kItemsMax && bytes <= Values::kTextBytesMax;
}

}  // namespace

Value Values::lookup(const std::string& name) const {
    if (name == "@" || name == "*") {
        if (!positional_) return unknownValue("it is what the script is called with");
        return {Value::Kind::List, {}, *positional_, {}};
    }
    if (name == "#" && positional_) return knownValue(std::to_string(positional_->size()));
    if (isNumber(name) && name != "0") {
        if (!positional_) return unknownValue("it is what the script is called with");
        const std::size_t place = std::stoul(name);
        if (place > positional_->size()) return {Value::Kind::Unset, {}, {}, {}};
        return knownValue((*positional_)[place - 1]);
    }
    if (name == "0" || name == "#" || name == "?" || name == "$" || name == "!" || name == "-") {
        return unknownValue("it is told by the shell while it runs");
    }
    if (const auto found = values_.find(name); found != values_.end()) return found->second;
    return unknownValue(lost_.empty() ? "no line before it assigns it, though the environment may" : lost_);
}

void Values::set(const std::string& name, Value value) {
    if (value.text.size() > kTextBytesMax)
        value = unknownValue(fmt::format("it has more than {} bytes", kTextBytesMax));
    if (!fits(value.items))
        value =
            unknownValue(fmt::format("it has more than {} elements, or more than {} bytes", kItemsMax, kTextBytesMax));
    if (readonly_.contains(name)) value = unknownValue("it is assigned again after readonly");
    values_[name] = std::move(value);
}

void Values::setPositional(std::vector<std::string> arguments) {
    if (!fits(arguments)) return forgetPositional();
    positional_ = std::move(arguments);
}

void Values::forgetAll(const std::string& reason) {
    values_.clear();
    lost_ = reason;
}

}  // namespace tributary::runbooks::shell
