// The rows of a CSV file into a table.
#pragma once

#include <functional>
#include <istream>
#include <string>

#include "app/rows/putpipeline.h"
#include "app/rows/targettable.h"

namespace tributary::app {

/// What a load reads.
struct CsvLoad {
    std::string fileName;           ///< for errors
    std::string keyColumn = "key";  ///< the header's name of the column that holds the row keys
};

/// Reads a header of `family:column` names and one row per record, and sends them through `pipeline`, which names the
/// families of `table`. `progress` is told the rows acknowledged so far after every record; false ends the load with
/// Cancelled. Errors: InvalidInput at file:line:column; what stands before the bad line may be under way: finish() the
/// pipeline to keep it. Those of the pipeline.
Status loadCsv(const CsvLoad& load, std::istream& input, const TargetTable& table, PutPipeline& pipeline,
               const std::function<bool(std::uint64_t)>& progress);

}  // namespace tributary::app
