// Finding the key's column, then the same load as the terminal's.
#include "app/desktop/live/csvimport.h"

#include <fmt/format.h>

#include "app/observe/audit.h"
#include "app/rows/csv.h"
#include "app/rows/csvload.h"
#include "core/base/text.h"

namespace tributary::desktop {
namespace {

Result<std::string> keyColumnOf(const std::string& file) {
    auto input = app::InputStream::open(file);
    if (!input) return input.error();
    app::CsvReader reader(**input, file);
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

Result<CsvImported> importCsv(app::Session& session, const std::string& path, const std::string& file,
                              const std::function<bool(std::uint64_t)>& progress) {
    const auto key = keyColumnOf(file);
    if (!key) return key.error();
    const auto table = app::findTable(session.directory(), path);
    if (!table) return table.error();
    auto client = session.directory().connect(table->cluster);
    if (!client) return client.error();
    auto input = app::InputStream::open(file);
    if (!input) return input.error();
    app::PutPipeline pipeline(**client, {table->path, table->families});
    auto loaded = app::loadCsv(app::csvLoadOf(**input, *key), **input, *table, pipeline, progress);
    const Status done = loaded ? okStatus() : Status(app::finishAfter(loaded.error(), pipeline));
    app::audit(session, fmt::format("tributary load {} --csv {} # {} rows", path, file, pipeline.rowsAcked()),
               app::auditError(done));
    if (!done) return done.error();
    return CsvImported{pipeline.rowsAcked(), std::move(loaded).value()};
}

}  // namespace tributary::desktop
