// importJSON and exportJSON: documents of a JSON table from and to a local file, one to a line.
#include <fmt/format.h>

#include "core/base/limits.h"
#include "engine/admin/tableadminparts.h"
#include "engine/admin/tableadmintools.h"
#include "engine/systems/maprdb/json/jsonlimits.h"
#include "engine/systems/maprdb/json/jsontext.h"
#include "engine/systems/maprdb/json/valuebytes.h"
#include "engine/systems/maprdb/jsontables/documentbody.h"
#include "engine/systems/maprdb/jsontables/jsonapi.h"

namespace tributary::engine::maprdb::admin {
namespace {

constexpr std::size_t kReadBytes = 1U << 20U;
constexpr std::size_t kBatchBytes = 1U << 20U;  ///< of a request; a larger document goes alone
constexpr std::size_t kPageDocuments = 1'000;

Status checkFiles(const Command& command, const char* option) {
    if (command.options.files != nullptr) return okStatus();
    return Error{ErrorCode::Unsupported, "this place of execution reads and writes no files", std::string("-") + option,
                 "run it at a terminal: tributary mapr ..."};
}

/// Documents on their way to one table.
class Import {
public:
    Import(const Command& command, std::string table, std::string idField)
        : command_(command), table_(std::move(table)), idField_(std::move(idField)) {}

    /// The whole file, piece by piece: it may be larger than memory.
    Status read(File& file) {
        Bytes rest;
        std::uint64_t at = 0;
        for (;;) {
            const auto piece = file.read(at, kReadBytes);
            if (!piece) return stopped(withWhere(piece.error(), "-src"));
            if (piece->empty()) break;
            at += piece->size();
            rest += *piece;
            std::size_t begin = 0;
            for (std::size_t end; (end = rest.find('\n', begin)) != Bytes::npos; begin = end + 1) {
                if (Status taken = take(BytesView(rest).substr(begin, end - begin)); !taken) return taken;
            }
            rest.erase(0, begin);
            if (Status fits = json::checkLimit("document", rest.size(), json::kDocumentBytesMax, "bytes", "a line",
                                               fmt::format("line {}", line_ + 1));
                !fits) {
                return stopped(fits.error());
            }
        }
        if (Status taken = take(rest); !taken) return taken;
        return flush();
    }
    [[nodiscard]] std::uint64_t imported() const { return imported_; }

private:
    Status take(BytesView text) {
        ++line_;
        if (text.find_first_not_of(" \t\r") == BytesView::npos) return okStatus();
        auto document = json::parseDocument(text);
        const auto at = [this](Error error) {
            error.where = fmt::format("line {} of -src{}", line_, error.where.empty() ? "" : ": " + error.where);
            return error;
        };
        if (!document) return stopped(at(document.error()));
        const json::Value* id = document->find("_id");
        if (id == nullptr && !idField_.empty()) id = document->find(idField_);
        if (id == nullptr) {
            return stopped(at(Error{ErrorCode::InvalidInput,
                                    idField_.empty() ? "the document has no _id"
                                                     : fmt::format("the document has neither _id nor {}", idField_),
                                    {},
                                    "name the field that holds its id: -idfield NAME"}));
        }
        const auto key = keyOfId(*id);
        if (!key) return stopped(at(key.error()));
        (void)document->erase("_id");
        if (Status fits = json::checkDocument(*document); !fits) return stopped(at(fits.error()));
        const Bytes value = json::encodeValue(*document);
        if (count_ > 0 && body_.size() + value.size() + key->size() > kBatchBytes) {
            if (Status sent = flush(); !sent) return sent;
        }
        if (count_ == 0) {
            body_ = newBody(BodyKind::Requests);
            first_ = line_;
        }
        appendRequest(body_, *key, DocumentOp::Replace, value, {});
        ++count_;
        return okStatus();
    }

    Status flush() {
        if (count_ == 0) return okStatus();
        auto client = command_.calls.client(clusterOf(table_));
        if (!client) return stopped(client.error());
        Bytes request;
        appendBlob(request, table_);
        request += body_;
        const auto left = command_.calls.budget(kDataCallTimeoutMs);
        if (!left) return stopped(left.error());
        const auto done = client.value()->call(JsonMethod::Write, request, *left);
        if (!done) return stopped(withWhere(done.error(), fmt::format("lines {} to {} of -src", first_, line_)));
        imported_ += count_;
        count_ = 0;
        body_.clear();
        return okStatus();
    }

    [[nodiscard]] Error stopped(Error error) const {
        error.what += fmt::format("; {} documents were imported before", imported_);
        return withFix(std::move(error), "the same command may be run again: it replaces what it brought");
    }

    const Command& command_;
    std::string table_;
    std::string idField_;
    Bytes body_;
    std::uint64_t count_ = 0;  // in the body
    std::uint64_t line_ = 0;
    std::uint64_t first_ = 0;  // of the body
    std::uint64_t imported_ = 0;
};

Result<std::uint64_t> writeAll(const Command& command, const std::string& table, File& file) {
    Json body{{"path", table}, {"from", ""}, {"limit", kPageDocuments}, {"tags", true}};
    std::uint64_t at = 0;
    std::uint64_t count = 0;
    for (;;) {
        const auto answer = command.calls.callAt(table, JsonMethod::Find, body, kDataCallTimeoutMs);
        if (!answer) return withWhere(answer.error(), "-src");
        if (!flagOf(*answer, "complete", true)) {
            return Error{ErrorCode::PermissionDenied, fmt::format("you may not read all fields of {}", table), "-src",
                         "ask for readperm on its families: mapr dbshell shows what you may read"};
        }
        Bytes lines;
        for (const Json& document : answer->value("documents", Json::array())) {
            lines += document.get<std::string>() + "\n";
            ++count;
        }
        if (Status written = file.write(at, lines); !written) return withWhere(written.error(), "-dst");
        at += lines.size();
        const auto next = answer->find("next");
        if (next == answer->end() || !next->is_string()) break;
        body["from"] = *next;
    }
    if (Status safe = file.sync(); !safe) return withWhere(safe.error(), "-dst");
    return count;
}

}  // namespace

Result<Outcome> importJsonTool(const Command& command) {
    Outcome outcome;
    if (Status status = checkMapReduce(command.op, outcome.warnings); !status) return status.error();
    if (Status there = checkFiles(command, "src"); !there) return there.error();
    const auto table = command.path("dst");
    if (!table) return table.error();
    if (Status fits = requireJson(command, *table, "-dst", true); !fits) return fits.error();
    auto file = command.options.files->openInput(command.op.text("src"));
    if (!file) return withWhere(file.error(), "-src");
    Import import(command, *table, command.op.text("idfield"));
    if (Status read = import.read(*file.value()); !read) return read.error();
    outcome.lines.push_back(fmt::format("documents imported: {}", import.imported()));
    return outcome;
}

Result<Outcome> exportJsonTool(const Command& command) {
    Outcome outcome;
    if (Status status = checkMapReduce(command.op, outcome.warnings); !status) return status.error();
    if (Status there = checkFiles(command, "dst"); !there) return there.error();
    const auto table = command.path("src");
    if (!table) return table.error();
    if (Status fits = requireJson(command, *table, "-src", true); !fits) return fits.error();
    const std::string path = command.op.text("dst");
    if (command.options.files->exists(path)) {
        return Error{ErrorCode::AlreadyExists, fmt::format("{} exists", path), "-dst", "name a file that does not"};
    }
    auto file = command.options.files->open(path, FileOps::Open::CreateNew);
    if (!file) return withWhere(file.error(), "-dst");
    const auto count = writeAll(command, *table, *file.value());
    if (!count) {
        (void)command.options.files->remove(path);
        return count.error();
    }
    outcome.lines.push_back(fmt::format("documents exported: {}", *count));
    return outcome;
}

}  // namespace tributary::engine::maprdb::admin
