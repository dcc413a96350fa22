// The members of the events' JSON lines, per event: what `help events` prints and what a test holds real runs against.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runbooks/runner/events.h"

namespace tributary::runbooks {

/// One member of an event's JSON object.
struct EventField {
    std::string_view key;
    std::string_view type;     ///< "text", "integer", "time", "a list of links", "text or null", ...
    std::string_view meaning;  ///< one line
};

/// One kind of event and the members it has beside those of every event.
struct EventKind {
    EventType type;
    std::string_view meaning;               ///< when it is written
    std::vector<std::string_view> always;   ///< keys that each of them has
    std::vector<std::string_view> perhaps;  ///< keys that are left out when there is nothing to say
};

/// Every member that an event may have, in the order in which they are written.
[[nodiscard]] const std::vector<EventField>& eventFields();
/// The members of one item of `links`.
[[nodiscard]] const std::vector<EventField>& eventLinkFields();
/// Every kind of event, in the order of a run.
[[nodiscard]] const std::vector<EventKind>& eventKinds();
/// A line as a run writes it, made by the same code, with the members that each such event has.
[[nodiscard]] std::string eventExample(EventType type);
/// Keys that every event has: schema, seq, at, event, run.
[[nodiscard]] const std::vector<std::string_view>& commonEventKeys();

}  // namespace tributary::runbooks
