// Typed reading of a strict tree, and reading files with a size limit.
#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "core/base/text.h"
#include "core/workspace/strictyaml.h"

namespace tributary {

namespace {

std::string_view kindName(const StrictNode& node) {
    switch (node.kind) {
        case StrictNode::Kind::Null: return "nothing";
        case StrictNode::Kind::Scalar: return "a single value";
        case StrictNode::Kind::Sequence: return "a list";
        case StrictNode::Kind::Map: return "a map";
    }
    return "something else";
}

}  // namespace

std::string StrictReader::where(SourcePos pos) const {
    return fmt::format("{}:{}:{}", file_, pos.line, pos.column);
}

void StrictReader::fail(SourcePos pos, std::string what, std::string fix) {
    if (!ok()) return;
    error_ = Error{ErrorCode::InvalidInput, std::move(what), where(pos), std::move(fix)};
}

bool StrictReader::map(const StrictNode& node, std::string_view thing, const std::vector<std::string>& allowed) {
    if (!namedMap(node, thing)) return false;
    for (const StrictNode& child : node.children) {
        if (std::find(allowed.begin(), allowed.end(), child.key) != allowed.end()) continue;
        const std::string near = nearest(child.key, allowed);
        fail(child.keyPos(), fmt::format("unknown key '{}' in {}", child.key, thing),
             near.empty() ? fmt::format("one of: {}", join(allowed, ", ")) : fmt::format("did you mean '{}'?", near));
        return false;
    }
    return true;
}

bool StrictReader::namedMap(const StrictNode& node, std::string_view thing) {
    if (!ok()) return false;
    if (!node.isMap()) fail(node.pos(), fmt::format("{} must be a map, this is {}", thing, kindName(node)));
    return ok();
}

bool StrictReader::sequence(const StrictNode& node, std::string_view thing) {
    if (!ok()) return false;
    if (!node.isSequence()) fail(node.pos(), fmt::format("{} must be a list, this is {}", thing, kindName(node)));
    return ok();
}

const StrictNode* StrictReader::require(const StrictNode& map, std::string_view key, std::string_view thing) {
    if (!ok()) return nullptr;
    const StrictNode* node = map.find(key);
    if (node == nullptr) {
        fail(map.pos(), fmt::format("{} needs the key '{}'", thing, key), fmt::format("add '{}: ...'", key));
    }
    return node;
}

std::string StrictReader::anyText(const StrictNode& node, std::string_view thing) {
    if (!ok()) return {};
    if (!node.isScalar()) {
        fail(node.pos(), fmt::format("{} must be text, this is {}", thing, kindName(node)));
        return {};
    }
    return node.scalar;
}

std::string StrictReader::text(const StrictNode& node, std::string_view thing) {
    std::string value = anyText(node, thing);
    if (ok() && value.empty()) fail(node.pos(), fmt::format("{} must not be empty", thing));
    return value;
}

bool StrictReader::boolean(const StrictNode& node, std::string_view thing) {
    const std::string value = toLower(anyText(node, thing));
    if (!ok()) return false;
    if (!node.quoted && (value == "true" || value == "yes")) return true;
    if (!node.quoted && (value == "false" || value == "no")) return false;
    fail(node.pos(), fmt::format("{} must be true or false, not '{}'", thing, node.scalar), "write true or false");
    return false;
}

std::int64_t StrictReader::integer(const StrictNode& node, std::string_view thing, std::int64_t low,
                                   std::int64_t high) {
    const std::string value = anyText(node, thing);
    if (!ok()) return 0;
    std::int64_t number = 0;
    const char* end = value.data() + value.size();
    const auto [stop, problem] = std::from_chars(value.data(), end, number);
    if (node.quoted || problem != std::errc() || stop != end) {
        fail(node.pos(), fmt::format("{} must be a whole number, not '{}'", thing, value));
        return 0;
    }
    if (number < low || number > high) {
        fail(node.pos(), fmt::format("{} must lie between {} and {}, not {}", thing, low, high, number));
        return 0;
    }
    return number;
}

std::vector<std::string> StrictReader::texts(const StrictNode& node, std::string_view thing) {
    std::vector<std::string> out;
    if (!ok()) return out;
    if (node.isScalar()) return {text(node, thing)};
    if (!sequence(node, thing)) return out;
    for (const StrictNode& item : node.children) out.push_back(text(item, thing));
    return out;
}

Result<std::string> readTextFile(const std::string& path, std::size_t bytesMax) {
    std::error_code problem;
    const auto status = std::filesystem::status(path, problem);
    if (status.type() == std::filesystem::file_type::not_found) {
        return Error{ErrorCode::NotFound, "there is no such file", path, {}};
    }
    if (problem) return Error{ErrorCode::Io, problem.message(), path, {}};
    if (!std::filesystem::is_regular_file(status)) {
        return Error{ErrorCode::InvalidInput, "this is not a regular file", path, {}};
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) return Error{ErrorCode::Io, fmt::format("cannot be read: {}", std::strerror(errno)), path, {}};
    std::string text;
    char block[65536];
    // Counted while reading, not asked beforehand: the file may grow in between.
    while (file.read(block, sizeof(block)) || file.gcount() > 0) {
        text.append(block, static_cast<std::size_t>(file.gcount()));
        if (text.size() > bytesMax) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("the file is larger than the limit of {} bytes", bytesMax),
                         path + ":1:1",
                         {}};
        }
    }
    if (file.bad()) return Error{ErrorCode::Io, "reading failed", path, {}};
    return text;
}

Result<StrictNode> loadStrictYaml(const std::string& path, const StrictLimits& limits) {
    const Result<std::string> text = readTextFile(path, limits.bytesMax);
    if (!text) return text.error();
    return parseStrictYaml(*text, path, limits);
}

}  // namespace tributary
