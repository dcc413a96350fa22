// Finding the key's column, then the same load as the terminal's.
#include "app/desktop/live/csvimport.h"

#include <fmt/format.h>

#include <fstream>

#include "app/observe/audit.h"
#include "app/rows/csv.h"
#include "app/rows/csvload.h"
#include "core/base/text.h"

namespace tributary::desktop {
namespace {

Result<std::string> keyColumnOf(const std::string& file) {
    std::ifstream input(file, std::ios::binary);
    if (!input) return Error{ErrorCode::NotFound, "the file cannot be opened", file, "choose another file"};
    app::CsvReader reader(input, file);
    std::vector<app::CsvField> fields;
    const auto more = reader.next(fields);
    if (!more) return more.error();
    std::string first = "key";
    for (auto field = fields.rbegin(); field != fields.rend(); ++field) {
        const std::string name(trim(field->text));
        if (name == "key") return name;
        if (name.find(':') == std::string::npos) first = name;
    }
    return first;
}

}  // namespace

Result<std::uint64_t> importCsv(app::Session& session, const std::string& path, const std::string& file,
                                const std::function<bool(std::uint64_t)>& progress) {
    const auto key = keyColumnOf(file);
    if (!key) return key.error();
    const auto table = app::findTable(session.directory(), path);
    if (!table) return table.error();
    auto client = session.directory().connect(table->cluster);
    if (!client) return client.error();
    std::ifstream input(file, std::ios::binary);
    app::PutPipeline pipeline(**client, {table->path, table->families});
    const Status done = app::loadCsv({file, *key}, input, *table, pipeline, progress);
    app::audit(session, fmt::format("tributary load {} --csv {} # {} rows", path, file, pipeline.rowsAcked()),
               app::auditError(done));
    if (done) return pipeline.rowsAcked();
    Error error = done.error();
    // What stands before a bad line is loaded whole, so that the count tells where to go on.
    if (error.code == ErrorCode::InvalidInput || error.code == ErrorCode::Cancelled) (void)pipeline.finish();
    error.what += fmt::format(" ({} rows were loaded before)", pipeline.rowsAcked());
    return error;
}

}  // namespace tributary::desktop
