// Records, bodies and decisions of databases.
#include "engine/systems/voltdb/data/databasekind.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "engine/systems/voltdb/data/callrunner.h"
#include "engine/systems/voltdb/data/rowaccess.h"
#include "engine/systems/voltdb/dr/drid.h"
#include "engine/systems/voltdb/dr/drstamp.h"
#include "engine/systems/voltdb/schema/sqlitetables.h"

namespace tributary::engine::voltdb {
namespace {

constexpr std::uint8_t kDatabaseNumber = 30;
constexpr KindWords kDatabaseWords{"database", "databases", "ErrDatabaseMissing", "ErrDatabaseUnavailable"};
constexpr std::string_view kVoltRefusal = "VOLT ";
constexpr unsigned kStampCounterBits = 16;
constexpr std::int64_t kMicrosPerMilli = 1000;

/// Rows lie in the unit: nothing of them is folded.
class NoFolder final : public RowFolder {
public:
    void setContext(const FoldContext&) override {}
    void reset() override {}
    bool addRecord(BytesView) override { return true; }
    void addOperation(const char*, const EntryRef&) override {}
    BytesView finish(FoldMode) override { return {}; }
    bool hasPurgeable() const override { return false; }
};

class ChangeFormat final : public RowFormat {
public:
    Result<std::uint32_t> check(const EntryRef& entry) const override {
        ByteReader in(entry.mutations);
        SqlChangeView change;
        std::uint32_t count = 0;
        while (nextSqlChange(in, change)) ++count;
        if (!in.ok()) return Error{ErrorCode::Corrupt, "the effect of a transaction is damaged", {}, {}};
        return count;
    }
    BytesView keyAt(const char*, const char* end, const char*& next) const override {
        next = end;
        return {};
    }
    std::unique_ptr<RowFolder> makeFolder() const override { return std::make_unique<NoFolder>(); }
};

class WholeDatabase final : public Projections {
public:
    Status check(std::string_view projection) const override {
        if (projection.empty()) return okStatus();
        return Error{ErrorCode::Corrupt, "a database goes whole", "ErrPayload", {}};
    }
    bool covers(std::string_view wide, std::string_view narrow) const override { return wide == narrow; }
    Result<std::optional<std::string>> intersection(std::string_view, std::string_view) const override {
        return check("x").error();
    }
    Result<std::unique_ptr<Projector>> make(std::string_view) const override { return check("x").error(); }
};

class DatabaseKind final : public DatasetKind {
public:
    std::string_view name() const override { return "database"; }
    std::uint8_t number() const override { return kDatabaseNumber; }
    const KindWords& words() const override { return kDatabaseWords; }
    Result<SchemaPtr> parseSchema(const Json& record) const override {
        const Json& volt = record.at("volt");
        DatabaseIdentity identity{volt.at("partitions"), volt.at("cluster"), volt.at("created")};
        if (identity.partitions < 1 || identity.partitions > kMpPartition) {
            return Error{ErrorCode::Corrupt, "a database without partitions", {}, {}};
        }
        std::vector<DdlStep> steps;
        for (const Json& step : volt.at("ddl")) steps.push_back({step.at(1), step.at(0)});
        auto schema = VoltSchema::make(*this, identity, std::move(steps));
        if (!schema) return Error{ErrorCode::Corrupt, schema.error().what, {}, {}};
        return SchemaPtr(std::move(schema).value());
    }
    void writeSchema(const DatasetSchema& schema, Json& record) const override {
        const auto& volt = static_cast<const VoltSchema&>(schema);
        Json ddl = Json::array();
        for (const DdlStep& step : volt.steps()) ddl.push_back(Json::array({step.lsn, step.sql}));
        record["volt"] = Json{{"partitions", volt.partitions()},
                              {"cluster", volt.clusterId()},
                              {"created", volt.creationUs()},
                              {"ddl", std::move(ddl)}};
    }
    SchemaPtr settled(const SchemaPtr& schema, Lsn lsn) const override {
        const auto& volt = static_cast<const VoltSchema&>(*schema);
        std::vector<DdlStep> steps = volt.steps();
        if (steps.empty() || steps.back().lsn != 0) return schema;
        for (DdlStep& step : steps) step.lsn = step.lsn == 0 ? lsn : step.lsn;
        auto made = VoltSchema::make(*this, volt.identity(), std::move(steps));
        return made ? SchemaPtr(std::move(made).value()) : schema;
    }
    SchemaPtr withoutGone(const SchemaPtr& schema, Lsn) const override { return schema; }
    std::shared_ptr<const RowFormat> rowFormat() const override { return std::make_shared<ChangeFormat>(); }
    StatePlan statePlan(const DatasetSchema&) const override { return {StatePlan::Unit::Sql, SIZE_MAX}; }
    FoldContext foldContext(const DatasetSchema& schema) const override {
        FoldContext context;
        context.rules = static_cast<const VoltSchema&>(schema).rules();
        return context;
    }
    Millis deletesKeptMs(const DatasetSchema&) const override { return 0; }
    Result<BodyCount> admit(const DatasetSchema&, const std::string&, BytesView body) const override {
        if (body.empty()) return BodyCount{};  // what is logged of a transaction: its effect alone
        if (body[0] == static_cast<char>(BodyTag::Call) || body[0] == static_cast<char>(BodyTag::Dr)) {
            return BodyCount{1, false};
        }
        return Error{ErrorCode::Corrupt, "the body is no call", "ErrPayload", {}};
    }
    const Policy* policy() const override { return &databasePolicy(); }
    const Lanes* lanes() const override { return nullptr; }
    Status bind(const DatasetSchema&, const LoggedBody& logged, Lsn, EntryRef& entry) const override {
        entry.mutations = logged.effect;
        return okStatus();
    }
    const Projections& projections() const override {
        static const WholeDatabase kWhole;
        return kWhole;
    }
    Result<std::optional<std::string>> withoutDropped(const DatasetSchema&, BytesView, const std::string&,
                                                      Lsn) const override {
        return std::optional<std::string>();
    }
};

class DatabasePolicy final : public Policy {
public:
    Result<Decision> decide(const Proposal& proposal, PendingView& view) const override {
        auto* unit = dynamic_cast<SqlStateUnit*>(view.unit());
        if (unit == nullptr || proposal.body.empty()) {
            return Error{ErrorCode::Io, "the state of the database is not there", {}, {}};
        }
        if (Status begun = unit->begin(); !begun) return begun.error();
        auto decision = decideIn(*unit, proposal);
        const bool isLogged = decision && decision.value().verdict == Verdict::Apply && !decision.value().isNothing;
        if (isLogged) return decision;
        if (Status back = unit->takeBack(); !back) return back.error();
        return decision;
    }

private:
    static Decision stopped(Error reason) {
        Decision out;
        out.verdict = Verdict::Stop;
        out.reason = std::move(reason);
        return out;
    }

    static Result<Decision> decideIn(SqlStateUnit& unit, const Proposal& proposal) {
        const auto& schema = static_cast<const VoltSchema&>(proposal.schema);
        const auto session = unit.session();
        if (!session) return session.error();
        const Millis ms = stampMs(proposal.stamp);
        const std::uint64_t counter = std::min<std::uint64_t>(
            static_cast<std::uint64_t>(proposal.stamp) & ((1U << kStampCounterBits) - 1), DrStamp::kCounterMax);
        const DrStamp stamp = DrStamp::of(schema.clusterId(), ms, counter);
        (void)session.value()->setVariable("dr_stamp", static_cast<std::int64_t>(stamp.bits()));
        (void)session.value()->setVariable("now", ms * kMicrosPerMilli);
        const BytesView body = proposal.body.substr(1);
        if (proposal.body[0] == static_cast<char>(BodyTag::Dr)) return decideReplicated(unit, schema, proposal, body);
        const auto call = decodeCall(body);
        if (!call) return call.error();
        CallRunner runner(unit, schema);
        session.value()->setGuard(SqlGuard::Writing);
        auto answer = runner.run(call.value());
        session.value()->setGuard(SqlGuard::Ours);
        if (!answer) return answer.error();
        if (!answer.value().ok()) return stopped(errorOf(answer.value()));
        return decided(unit, schema, runner.truncated(), true, encodeAnswer(answer.value()));
    }

    static Result<Decision> decideReplicated(SqlStateUnit& unit, const VoltSchema& schema, const Proposal& proposal,
                                             BytesView body) {
        RowAccess rows(unit, schema, proposal.stamp);
        auto reply = decideDr(body, rows);
        if (!reply) return stopped(reply.error());
        return decided(unit, schema, rows.truncated(), false, std::move(reply).value());
    }

    static Result<Decision> decided(SqlStateUnit& unit, const VoltSchema& schema,
                                    const std::vector<TruncatedRange>& truncated, bool isDr, Bytes reply) {
        Decision out;
        out.reply = std::move(reply);
        out.isNothing = unit.captured().empty();
        if (out.isNothing) return out;
        auto effect = makeEffect(unit, schema, truncated, isDr);
        if (!effect) {
            if (effect.error().code != ErrorCode::Unsupported) return effect.error();
            return stopped(errorOf(VoltAnswer::failed(CallStatus::GracefulFailure, effect.error().what)));
        }
        out.effect = std::move(effect).value();
        out.body = Bytes();
        return out;
    }
};

}  // namespace

const DatasetKind& databaseKind() {
    static const DatabaseKind kKind;
    return kKind;
}

const Policy& databasePolicy() {
    static const DatabasePolicy kPolicy;
    return kPolicy;
}

Error errorOf(const VoltAnswer& refusal) {
    return {ErrorCode::Conflict, refusal.text, fmt::format("{}{}", kVoltRefusal, static_cast<int>(refusal.status)), {}};
}

std::optional<VoltAnswer> refusalIn(const Error& error) {
    if (!error.where.starts_with(kVoltRefusal)) return std::nullopt;
    const int status = std::atoi(error.where.c_str() + kVoltRefusal.size());
    return VoltAnswer::failed(static_cast<CallStatus>(status), error.what);
}

}  // namespace tributary::engine::voltdb
