// A captured text taken apart: JSON answers, each with the command line that it answers.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "runbooks/dialects/dialects.h"

namespace tributary::runbooks::detail {

struct CapturedAnswer {
    std::string json;                ///< from its { to its }
    std::size_t line = 0;            ///< of its {, from 1
    bool hasCommand = false;         ///< a command line stands before it
    std::vector<std::string> words;  ///< of the command, options as typed; empty when it could not be read
    std::string unreadable;          ///< why the command could not be read; empty when it could

    /// The value of an option of the command, or empty.
    [[nodiscard]] std::string option(const std::string& name) const;
    /// The command's words before its options, in lower case: "table replica list".
    [[nodiscard]] std::string command() const;
};

/// Takes a whole file apart. Command lines are read as typed in one session: variables that were assigned before are
/// known. Errors: InvalidInput naming the file and line, for an answer that is not whole.
[[nodiscard]] Result<std::vector<CapturedAnswer>> capturedAnswers(const std::string& text, const std::string& fileName,
                                                                  const Dialects& dialects);

}  // namespace tributary::runbooks::detail
