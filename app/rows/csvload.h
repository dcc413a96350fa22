// The rows of a CSV file into a table.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <string>

#include "app/rows/csv.h"
#include "app/rows/inputstream.h"
#include "app/rows/putpipeline.h"
#include "app/rows/targettable.h"

namespace tributary::app {

/// What a load reads.
struct CsvLoad {
    std::string fileName;           ///< for errors
    std::string keyColumn = "key";  ///< the header's name of the column that holds the row keys
    bool raw = false;               ///< fields are taken as they stand; else \xNN and \\ are read (core/base/escape.h)
    CsvReader::End end = CsvReader::End::Anywhere;
};

/// Records with a key and no value: a table has no such rows, so they were left out.
struct CsvLeftOut {
    std::uint64_t records = 0;
    std::string firstAt;  ///< file:line:column of the first one's key
    /// "2 records have a key and no value, so they are no rows; the first at t.csv:3:1"; empty when there are none.
    [[nodiscard]] std::string text() const;
};

/// What to read from `input`, named as it is and ended as its kind may end.
[[nodiscard]] CsvLoad csvLoadOf(const InputStream& input, std::string keyColumn);

/// Reads a header of `family:column` names, each once, and one row per record, and sends them through `pipeline`, which
/// names the families of `table`. `progress` is told the rows acknowledged so far after every record; false ends the
/// load with Cancelled. Errors at file:line:column: InvalidInput, Io when reading failed; those of the pipeline. After
/// any of them what stands before may be under way: see finishAfter().
Result<CsvLeftOut> loadCsv(const CsvLoad& load, std::istream& input, const TargetTable& table, PutPipeline& pipeline,
                           const std::function<bool(std::uint64_t)>& progress);

/// Ends a load that `error` ended: rows that stand before the bad place are brought in whole, and the error tells how
/// many were loaded and of how many that is not known.
[[nodiscard]] Error finishAfter(Error error, PutPipeline& pipeline);

}  // namespace tributary::app
