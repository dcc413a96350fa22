// Beginning, and the way of a call.
#include "engine/systems/voltdb/data/voltcontrol.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/systems/voltdb/data/callrunner.h"
#include "engine/systems/voltdb/data/databasekind.h"
#include "engine/systems/voltdb/data/rowaccess.h"
#include "engine/systems/voltdb/schema/ddl.h"
#include "engine/systems/voltdb/schema/ddlparts.h"
#include "engine/systems/voltdb/schema/sqlitetables.h"

namespace tributary::engine::voltdb {
namespace {

constexpr std::size_t kWaitingMax = 65'536;

class UnitPicture final : public VoltPicture {
public:
    UnitPicture(std::unique_ptr<SqlPicture> picture, std::shared_ptr<const VoltSchema> schema)
        : picture_(std::move(picture)), schema_(std::move(schema)) {}
    Lsn position() const override { return picture_->position(); }
    std::uint64_t nextSequence(int partition) const override {
        const auto at = picture_->counters().find(static_cast<std::uint32_t>(partition));
        return at == picture_->counters().end() ? 0 : at->second;
    }
    Result<std::vector<RowImage>> rows(std::string_view name, std::size_t skip, std::size_t rowsMax) override {
        const VoltTable* table = schema_->catalogAt(picture_->position() + 1).table(name);
        if (table == nullptr) return Error{ErrorCode::NotFound, fmt::format("no table {}", name), {}, {}};
        const auto found = picture_->rows(name, skip, rowsMax);
        if (!found) return found.error();
        const LogTable shape = table->logTable();
        std::vector<RowImage> out;
        out.reserve(found.value().size());
        for (const SqlRow& row : found.value()) out.push_back(fromSqlRow(row, shape));
        return out;
    }
    Result<std::optional<Bytes>> metaGet(std::string_view key) override {
        constexpr std::size_t kNotesAtOnce = 1000;
        for (std::size_t skip = 0;; skip += kNotesAtOnce) {
            const auto notes = picture_->rows(kSqlNotes, skip, kNotesAtOnce);
            if (!notes) return notes.error();
            for (const SqlRow& note : notes.value()) {
                const auto* known = std::get_if<SqlBlob>(&note[0]);
                const auto* value = std::get_if<SqlBlob>(&note[1]);
                if (known != nullptr && value != nullptr && known->bytes == key) return std::optional(value->bytes);
            }
            if (notes.value().size() < kNotesAtOnce) return std::optional<Bytes>();
        }
    }

private:
    std::unique_ptr<SqlPicture> picture_;
    std::shared_ptr<const VoltSchema> schema_;
};

/// What is no refusal of VoltDB's: a full disk, a damaged file.
VoltAnswer trouble(const Error& error) {
    auto refusal = refusalIn(error);
    if (refusal) return std::move(*refusal);
    return VoltAnswer::failed(CallStatus::UnexpectedFailure, error.text());
}

}  // namespace

VoltControl::VoltControl(Node& node, const DatasetKind& kind, std::shared_ptr<VoltSettings> settings)
    : node_(node), kind_(kind), settings_(std::move(settings)), isPaused_(settings_->startsPaused) {
    addSystemProcedures();
    if (settings_->makeDr) dr_ = settings_->makeDr(*this);
}

VoltControl::~VoltControl() = default;

Json VoltControl::linkJson(const ShownLink& link) const {
    return Json{{"path", link.replica.path}};
}

void VoltControl::addRequests(ControlRequests& requests) {
    requests.add(VoltMethod::Begin, administratorOnly("begin the life", [this](const ControlCall& asked) {
                     begin([asked](const Status& status) { asked.replyStatus(status); });
                 }));
    requests.add(VoltMethod::Call,
                 administratorOnly("call procedures",
                                   [this](const ControlCall& asked) {
                                       const auto decoded = decodeCall(asked.body);
                                       if (!decoded) {
                                           asked.reply(decoded.error());
                                           return;
                                       }
                                       call(decoded.value(), [reply = asked.reply](const VoltAnswer& answer) {
                                           reply(encodeAnswer(answer));
                                       });
                                   }),
                 ControlRequests::Body::Binary);
}

Result<CheckedWrite> VoltControl::checkWrite(const PutRequest& request, const DatasetRecord* record) {
    if (record == nullptr) return Error{ErrorCode::NotFound, "the database has not been made", {}, {}};
    const auto count = kind_.admit(*record->schema, record->path, request.body);
    if (!count) return count.error();
    return CheckedWrite{count.value().operations, false, 0};
}

Lsn VoltControl::neededFrom() {
    return dr_ == nullptr ? std::numeric_limits<Lsn>::max() : dr_->neededFrom();
}

const DatasetRecord* VoltControl::record() const {
    return node_.catalog().byPath(kDatabasePath);
}

std::shared_ptr<const VoltSchema> VoltControl::schema() const {
    const DatasetRecord* known = record();
    return known == nullptr ? nullptr : std::static_pointer_cast<const VoltSchema>(known->schema);
}

std::uint32_t VoltControl::datasetId() const {
    const DatasetRecord* known = record();
    return known == nullptr ? 0 : known->id;
}

SqlStateUnit* VoltControl::unit() const {
    DatasetRuntime* runtime = node_.dataset(datasetId());
    return runtime == nullptr ? nullptr : dynamic_cast<SqlStateUnit*>(runtime->state.get());
}

// ---- beginning ---------------------------------------------------------------------------------------------------

void VoltControl::begin(Done done) {
    if (record() != nullptr) {
        begun(std::move(done));
        return;
    }
    node_.change(
        [this](const Catalog& catalog) -> Result<CatalogChange> {
            DatabaseIdentity identity;
            identity.partitions = std::max(settings_->sitesPerHost, 1);
            identity.clusterId = settings_->clusterId;
            identity.creationUs = node_.seams().clock.wallMs() * 1000;
            auto schema = VoltSchema::make(kind_, identity, {});
            if (!schema) return schema.error();
            DatasetRecord made;
            made.id = catalog.nextId();
            made.uuid = Uuid::fromRandom(node_.seams().random.next(), node_.seams().random.next());
            made.path = kDatabasePath;
            made.schema = std::move(schema).value();
            return CatalogChange::put(std::move(made));
        },
        [this, done = std::move(done)](const Status& made) {
            dropRefused(made ? std::nullopt : std::optional(made.error()));
            if (made) {
                begun(done);
            } else {
                done(made);
            }
        });
}

void VoltControl::begun(Done done) {
    const bool isNew = !isBegun_;
    if (const Status there = isNew ? node_.checkAvailable(*record()) : okStatus(); !there) {
        done(there);
        return;
    }
    isBegun_ = true;
    if (!isNew || dr_ == nullptr) {
        done(okStatus());
        return;
    }
    dr_->begun([this, alive = node_.alive(), done = std::move(done)](const Status& known) {
        if (*alive && !known) isBegun_ = false;
        done(known);
    });
}

// ---- calls -------------------------------------------------------------------------------------------------------

void VoltControl::addProcedure(const std::string& name, Procedure procedure) {
    procedures_[upperCase(name)] = std::move(procedure);
}

void VoltControl::addStatistics(const std::string& selector, Procedure procedure) {
    statistics_[upperCase(selector)] = std::move(procedure);
}

void VoltControl::call(const VoltCall& call, Answered answered) {
    if (!isBegun_ || unit() == nullptr) {
        const DatasetRecord* known = record();
        const Status there = known == nullptr
                                 ? Status(Error{ErrorCode::Unavailable, "the host has no database yet", {}, {}})
                                 : node_.checkAvailable(*known);
        answered(
            VoltAnswer::failed(CallStatus::ServerUnavailable, there ? "the host has not begun" : there.error().text()));
        return;
    }
    const auto known = procedures_.find(upperCase(call.procedure));
    if (known != procedures_.end()) {
        known->second(call, std::move(answered));
        return;
    }
    const auto ddl = ddlOf(call);
    if (!ddl) {
        answered(VoltAnswer::failed(CallStatus::GracefulFailure, ddl.error().what));
        return;
    }
    if (!ddl.value().empty()) {
        runDdl(ddl.value(), answered);
        return;
    }
    const auto reads = isReading(call, *schema());
    if (!reads) {
        answered(VoltAnswer::failed(CallStatus::GracefulFailure, reads.error().what));
    } else if (reads.value()) {
        runRead(call, answered);
    } else {
        runWrite(call, answered);
    }
}

void VoltControl::runRead(const VoltCall& call, const Answered& answered) {
    SqlStateUnit& rows = *unit();
    const auto session = rows.session();
    if (!session) {
        answered(trouble(session.error()));
        return;
    }
    (void)session.value()->setVariable("now", node_.seams().clock.wallMs() * 1000);
    session.value()->setGuard(SqlGuard::Reading);
    auto answer = CallRunner(rows, *schema()).run(call);
    session.value()->setGuard(SqlGuard::Ours);
    if (!answer) {
        answered(trouble(answer.error()));
        return;
    }
    whenPublished([answered, answer = std::move(answer).value()](const Status& seen) {
        answered(seen ? answer : VoltAnswer::failed(CallStatus::UnexpectedFailure, seen.error().text()));
    });
}

void VoltControl::runWrite(const VoltCall& call, const Answered& answered) {
    if (isPaused_) {
        answered(VoltAnswer::failed(CallStatus::ServerUnavailable,
                                    "Server is paused and is available in read-only mode - please try again later."));
        return;
    }
    if (!readOnlyReason_.empty()) {
        answered(VoltAnswer::failed(CallStatus::GracefulFailure, readOnlyReason_));
        return;
    }
    if (isReplica_) {
        answered(
            VoltAnswer::failed(CallStatus::GracefulFailure,
                               fmt::format("Write procedure {} is not allowed in replica cluster", call.procedure)));
        return;
    }
    put(static_cast<char>(BodyTag::Call) + encodeCall(call), [answered](Result<Bytes> reply) {
        if (!reply) {
            answered(trouble(reply.error()));
            return;
        }
        auto answer = decodeAnswer(reply.value());
        answered(answer ? std::move(answer).value() : trouble(answer.error()));
    });
}

void VoltControl::put(Bytes body, std::function<void(Result<Bytes>)> done) {
    PutRequest request;
    request.path = kDatabasePath;
    request.body = std::move(body);
    request.asked = this;
    node_.put(std::move(request), [this, done = std::move(done)](Result<Bytes> reply) {
        dropRefused(reply ? std::nullopt : std::optional(reply.error()));
        done(std::move(reply));
    });
}

void VoltControl::dropRefused(const std::optional<Error>& reason) {
    const Lsn head = node_.log().headLsn();
    const auto first =
        std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& each) { return each.lsn > head; });
    if (first == waiting_.end()) return;
    node_.seams().faults.reached("read-of-refused");
    const std::vector<Waiting> gone(std::make_move_iterator(first), std::make_move_iterator(waiting_.end()));
    waiting_.erase(first, waiting_.end());
    const Error unlogged{ErrorCode::Unavailable, "what was read was not logged in the end", {}, "ask again"};
    for (const Waiting& each : gone) each.then(reason.value_or(unlogged));
}

void VoltControl::applyDr(Bytes body, std::function<void(Result<Bytes>)> done) {
    body.insert(body.begin(), static_cast<char>(BodyTag::Dr));
    put(std::move(body), std::move(done));
}

void VoltControl::whenPublished(std::function<void(const Status&)> then) {
    const Lsn head = node_.log().headLsn();
    if (head <= node_.log().durableLsn() || node_.seams().faults.hit("bug-read-before-published")) {
        then(okStatus());
        return;
    }
    if (waiting_.size() >= kWaitingMax) {
        then(Error{ErrorCode::Unavailable, "too many answers wait for the log", {}, "slow the readers down"});
        return;
    }
    waiting_.push_back({head, std::move(then)});
}

void VoltControl::logSynced() {
    if (dr_ != nullptr) dr_->logSynced();
}

void VoltControl::logPublished() {
    const Lsn durable = node_.log().durableLsn();
    const auto first =
        std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& each) { return each.lsn > durable; });
    std::vector<Waiting> ready(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(first));
    waiting_.erase(waiting_.begin(), first);
    for (const Waiting& each : ready) each.then(okStatus());
    if (dr_ != nullptr) dr_->logPublished();
}

// ---- DDL ---------------------------------------------------------------------------------------------------------

Result<CatalogChange> VoltControl::ddlChange(const Catalog& catalog, const std::vector<std::string>& statements,
                                             std::string& note) {
    const DatasetRecord& known = *catalog.byPath(kDatabasePath);
    const auto& before = static_cast<const VoltSchema&>(*known.schema);
    std::vector<DdlStep> steps = before.steps();
    VoltCatalog now = before.catalog();
    SqlRules::Step trial;
    const auto session = unit()->session();
    if (!session) return session.error();
    for (const std::string& sql : statements) {
        const auto effect = applyDdl(now, sql);
        if (!effect) {
            const auto refusal = refusalOf(effect.error(), sql, {});
            return refusal ? errorOf(*refusal) : effect.error();
        }
        for (const auto& [table, text] : effect.value().mustBeEmpty) {
            if (session.value()->table(std::string_view(table)) == nullptr) continue;  // made just now
            const auto row = session.value()->run(fmt::format("SELECT 1 FROM main.{} LIMIT 1", quotedName(table)));
            if (!row) return row.error();
            if (!row.value().rows.empty()) return errorOf(VoltAnswer::failed(CallStatus::GracefulFailure, text));
        }
        trial.statements.insert(trial.statements.end(), effect.value().statements.begin(),
                                effect.value().statements.end());
        if (!effect.value().note.empty()) note = effect.value().note;
        steps.push_back({sql, 0});
    }
    if (Status tried = unit()->tryStep(trial); !tried) {
        const auto refusal = refusalOf(tried.error(), statements.back(), {});
        return refusal ? errorOf(*refusal) : tried.error();
    }
    auto schema = VoltSchema::make(kind_, before.identity(), std::move(steps));
    if (!schema) return schema.error();
    DatasetRecord made = known;
    made.schema = std::move(schema).value();
    return CatalogChange::put(std::move(made));
}

void VoltControl::runDdl(const std::vector<std::string>& statements, const Answered& answered) {
    const auto note = std::make_shared<std::string>();
    node_.change(
        [this, statements, note](const Catalog& catalog) { return ddlChange(catalog, statements, *note); },
        [this, answered, note, count = statements.size()](const Status& done) {
            dropRefused(done ? std::nullopt : std::optional(done.error()));
            if (!done) {
                auto refusal = refusalIn(done.error());
                answered(refusal ? *refusal : VoltAnswer::failed(CallStatus::GracefulFailure, done.error().text()));
                return;
            }
            VoltAnswer answer;
            answer.text = *note;
            answer.tables.assign(count, {{{"STATUS", ColumnType::Bigint}}, {{std::int64_t{0}}}});
            if (dr_ != nullptr) dr_->schemaChanged();
            answered(answer);
        });
}

// ---- for replication ---------------------------------------------------------------------------------------------

Status VoltControl::look(const std::function<Status(PartitionRows&)>& use) {
    SqlStateUnit* rows = unit();
    if (rows == nullptr) return Error{ErrorCode::Unavailable, "the host has no database yet", {}, {}};
    if (Status begun = rows->begin(); !begun) return begun;
    const auto known = schema();
    RowAccess access(*rows, *known, 0);
    const Status used = use(access);
    const Status back = rows->takeBack();
    return used ? back : used;
}

Result<std::unique_ptr<VoltPicture>> VoltControl::frozen() {
    SqlStateUnit* rows = unit();
    if (rows == nullptr) return Error{ErrorCode::Unavailable, "the host has no database yet", {}, {}};
    auto picture = rows->picture(node_.log().syncedLsn());
    if (!picture) return picture.error();
    return std::unique_ptr<VoltPicture>(std::make_unique<UnitPicture>(std::move(picture).value(), schema()));
}

std::map<int, std::uint64_t> VoltControl::nextSequences() const {
    std::map<int, std::uint64_t> out;
    const SqlStateUnit* rows = unit();
    if (rows == nullptr) return out;
    for (const auto& [partition, next] : rows->counters()) out[static_cast<int>(partition)] = next;
    return out;
}

void VoltControl::setPaused(bool isPaused) {
    isPaused_ = isPaused;
    if (isPaused && dr_ != nullptr) dr_->flush();
}

}  // namespace tributary::engine::voltdb
