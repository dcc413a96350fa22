// How a person asks what a check asks: a command, and what its answer must show.
#pragma once

#include <string>

#include "runbooks/model/runbook.h"

namespace tributary::runbooks {

struct Lookup {
    std::string command;  ///< the system's own
    std::string shows;    ///< the end of the sentence "its answer shows ..."
};

/// For a rendered check; empty when no dialect has a row for it.
[[nodiscard]] Lookup lookupOf(const Check& rendered, const Dialects& dialects);

}  // namespace tributary::runbooks
