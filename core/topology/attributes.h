// One attribute of an element by name, as text: what topology.yaml, the property panel and setAttribute() have in
// common.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/topology/topology.h"

namespace tributary {

/// Assigns the attribute `name` from `value`; nullopt gives its default. On an error the element is unchanged.
///
/// cluster:  name, system, secure, users (comma list), gateways (comma list of name or name=host:port)
/// dataset:  path, kind, exists, bulkload, deletettl (seconds or a duration), families (comma list of names; families
///           that stay keep their settings), topics (comma list), perms.<permission>,
///           family.<name>.<versions|minversions|ttl|compression|inmemory|jsonpath|perms.<permission>>
/// replica:  from, to, synchronous, paused, throttle, columns (comma list), networkcompression, networkencryption
/// upstream: at, from
/// wan:      latency, bandwidth, outage
/// Errors: InvalidInput naming the attribute (with the nearest known one) or the value.
[[nodiscard]] Status assignAttribute(Cluster& cluster, std::string_view name, const std::optional<std::string>& value);
[[nodiscard]] Status assignAttribute(Dataset& dataset, std::string_view name, const std::optional<std::string>& value);
[[nodiscard]] Status assignAttribute(Replica& replica, std::string_view name, const std::optional<std::string>& value);
[[nodiscard]] Status assignAttribute(Upstream& upstream, std::string_view name,
                                     const std::optional<std::string>& value);
[[nodiscard]] Status assignAttribute(Wan& wan, std::string_view name, const std::optional<std::string>& value);

/// true, false, yes, no. Errors: InvalidInput.
[[nodiscard]] Result<bool> parseBoolean(std::string_view text);
/// Splits "a, b" at commas and trims; an empty text gives an empty list. JSON column lists keep an empty first piece.
[[nodiscard]] std::vector<std::string> splitList(std::string_view text);

}  // namespace tributary
