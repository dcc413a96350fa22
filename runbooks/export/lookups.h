// How a person asks what a check asks: a command, and what its answer must show.
#pragma once

#include <string>

#include "runbooks/model/runbook.h"

namespace tributary::runbooks {

struct Lookup {
    std::string command;  ///< the system's own
    std::string shows;    ///< the end of the sentence "its answer shows ..."
};

/// For a rendered check. Every check of the vocabulary has one.
[[nodiscard]] Lookup lookupOf(const Check& rendered);

}  // namespace tributary::runbooks
