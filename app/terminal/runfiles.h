// The files that a run writes besides its journal.
#pragma once

#include <cstdio>
#include <string>

#include "app/terminal/runbookverbs.h"
#include "core/base/result.h"

namespace tributary::app {

/// Whether the files that the options name could be written, before anything is begun. Changes nothing. Errors:
/// InvalidInput with the option.
[[nodiscard]] Status checkRunFiles(const RunWords& words);

/// Events as JSON lines: a file, or stdout for "-". One thread.
class EventsFile {
public:
    EventsFile() = default;
    ~EventsFile();
    EventsFile(const EventsFile&) = delete;
    EventsFile& operator=(const EventsFile&) = delete;

    /// Nothing for an empty name. Errors: NotFound, PermissionDenied, InvalidInput (a folder), Io.
    Status open(const std::string& name);
    /// After the last event: a disk may refuse as late as here. Errors: Io.
    Status close();
    /// Null while none is open.
    [[nodiscard]] std::FILE* get() const { return file_; }

private:
    std::FILE* file_ = nullptr;
    bool owned_ = false;
};

}  // namespace tributary::app
