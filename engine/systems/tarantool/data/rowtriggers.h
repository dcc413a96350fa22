// Functions that a space has for its rows: before one is put, and after.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/systems/tarantool/data/tuple.h"
#include "engine/systems/tarantool/iproto/packet.h"

namespace tributary::engine::tarantool {

/// Called while rows are decided, on the executor; so an implementation has to come back soon, whatever a function
/// does. Functions are no part of the data: they are gone when the process ends, as Tarantool's are.
class RowTriggers {
public:
    enum class When {
        Before,  ///< before_replace: what it returns is put instead
        After    ///< on_replace: an error takes the row back
    };
    struct Call {
        std::uint32_t space = 0;
        std::string_view name;  ///< of the space
        TuplePtr old;           ///< nullptr: there is none
        TuplePtr fresh;         ///< nullptr: it is deleted
        std::string_view operation;
    };
    struct Outcome {
        std::optional<BoxFailure> failure;
        bool isChanged = false;  ///< `fresh` is what the functions returned
        TuplePtr fresh;
    };

    virtual ~RowTriggers() = default;
    [[nodiscard]] virtual bool isEmpty() const = 0;
    /// Which functions a space has; asked for every statement.
    struct Kinds {
        bool before = false;
        bool after = false;
    };
    [[nodiscard]] virtual Kinds kindsOf(std::uint32_t space) const = 0;
    /// All functions of the space, the one that was added last first; each sees what the one before it returned.
    virtual Outcome run(When when, const Call& call) = 0;
    /// Adds a function, by its text; takes the place of the one with the text `instead`; an empty text takes that away.
    /// Failures: what is no function, or not known.
    virtual std::optional<BoxFailure> set(std::uint32_t space, When when, const std::string& text,
                                          const std::string& instead) = 0;
    /// Their texts, the one that was added last first.
    [[nodiscard]] virtual std::vector<std::string> texts(std::uint32_t space, When when) const = 0;
};

}  // namespace tributary::engine::tarantool
