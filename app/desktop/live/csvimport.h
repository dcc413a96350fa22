// A CSV file into a table, as `tributary load` does it.
#pragma once

#include <functional>
#include <string>

#include "app/daemon/session.h"
#include "app/rows/csvload.h"

namespace tributary::desktop {

struct CsvImported {
    std::uint64_t rows = 0;
    app::CsvLeftOut leftOut;
};

/// Loads `file` into the table at `path`. The key's column is called "key", else it is the first that names no family.
/// `progress` is told the rows acknowledged so far; false stops. Blocks. Errors: NotFound,
/// InvalidInput at file:line:column (the rows before stay loaded, and the text says how many), Cancelled, the
/// cluster's.
Result<CsvImported> importCsv(app::Session& session, const std::string& path, const std::string& file,
                              const std::function<bool(std::uint64_t)>& progress);

}  // namespace tributary::desktop
