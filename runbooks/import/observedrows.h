// Rows of captured answers: which list they belong to, and what stands in them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace tributary::runbooks::detail {

/// What kind of list an answer is.
enum class ListKind { None, Info, Families, Replicas, Upstreams, Gateways };

/// By the fields of a row; None for a row of another command.
[[nodiscard]] ListKind kindOfRow(const nlohmann::json& row);
/// By the words of a command without its program: "table replica list".
[[nodiscard]] ListKind kindOfCommand(const std::string& command);
/// The command that answers such lists: "table replica list".
[[nodiscard]] const char* nameOf(ListKind kind);

/// The field's text, or empty.
[[nodiscard]] std::string textOf(const nlohmann::json& row, const char* key);
/// true and "true".
[[nodiscard]] bool flagOf(const nlohmann::json& row, const char* key);
/// The full path of the table or stream that a row of a list names.
[[nodiscard]] std::string namedPath(const nlohmann::json& row);

}  // namespace tributary::runbooks::detail
