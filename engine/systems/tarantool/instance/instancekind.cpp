// Records, bodies and decisions of instances.
#include "engine/systems/tarantool/instance/instancekind.h"

#include <fmt/format.h>

#include <cstdlib>

#include "engine/systems/tarantool/instance/instancecontrol.h"
#include "engine/systems/tarantool/instance/instancepolicy.h"
#include "engine/systems/tarantool/instance/rowkeys.h"
#include "engine/systems/tarantool/instance/rowlist.h"
#include "engine/systems/tarantool/instance/rowwork.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::uint8_t kInstanceNumber = 20;
constexpr KindWords kInstanceWords{"instance", "instances", "ErrInstanceMissing", "ErrInstanceUnavailable"};
constexpr std::string_view kRefusal = "ER ";

/// Of two records the one with the larger lsn is the later decision.
class ImageFolder final : public RowFolder {
public:
    void setContext(const FoldContext&) override {}
    void reset() override { lsn_ = 0; }
    bool addRecord(BytesView record) override {
        if (record.empty()) return true;
        ByteReader reader(record);
        const auto lsn = reader.fixed<std::uint64_t>();
        take(lsn, BytesView(reader.position(), reader.remaining()));
        return reader.ok();
    }
    void addOperation(const char* at, const EntryRef& entry) override {
        const char* end = entry.mutations.data() + entry.mutations.size();
        ByteReader reader(BytesView(at, static_cast<std::size_t>(end - at)));
        (void)reader.blob();
        take(entry.lsn, reader.blob());
    }
    BytesView finish(FoldMode mode) override {
        out_.clear();
        if (lsn_ == 0 || (mode == FoldMode::Purge && image_.empty())) return out_;
        appendFixed<std::uint64_t>(out_, lsn_);
        out_.append(image_);
        return out_;
    }
    bool hasPurgeable() const override { return lsn_ != 0 && image_.empty(); }

private:
    void take(Lsn lsn, BytesView image) {
        if (lsn < lsn_) return;
        lsn_ = lsn;
        image_ = Bytes(image);
    }
    Lsn lsn_ = 0;
    Bytes image_;
    Bytes out_;
};

class ImageFormat final : public RowFormat {
public:
    Result<std::uint32_t> check(const EntryRef& entry) const override {
        ByteReader reader(entry.mutations);
        std::uint32_t count = 0;
        for (; !reader.atEnd() && reader.ok(); ++count) {
            (void)reader.blob();
            (void)reader.blob();
        }
        if (!reader.ok()) return Error{ErrorCode::Corrupt, "an effect is damaged", {}, {}};
        return count;
    }
    BytesView keyAt(const char* at, const char* end, const char*& next) const override {
        ByteReader reader(BytesView(at, static_cast<std::size_t>(end - at)));
        const BytesView key = reader.blob();
        (void)reader.blob();
        next = reader.position();
        return key;
    }
    std::unique_ptr<RowFolder> makeFolder() const override { return std::make_unique<ImageFolder>(); }
    bool newestIsAll() const override { return true; }
};

class WholeOnly final : public Projections {
public:
    Status check(std::string_view projection) const override {
        if (projection.empty()) return okStatus();
        return Error{ErrorCode::Corrupt, "an instance goes whole", "ErrPayload", {}};
    }
    bool covers(std::string_view wide, std::string_view narrow) const override { return wide == narrow; }
    Result<std::optional<std::string>> intersection(std::string_view, std::string_view) const override {
        return check("x").error();
    }
    Result<std::unique_ptr<Projector>> make(std::string_view) const override { return check("x").error(); }
};

class InstanceKind final : public DatasetKind {
public:
    std::string_view name() const override { return "instance"; }
    std::uint8_t number() const override { return kInstanceNumber; }
    const KindWords& words() const override { return kInstanceWords; }
    Result<SchemaPtr> parseSchema(const Json& record) const override {
        const auto uuid = Uuid::parse(record.at("instanceuuid").get<std::string>());
        if (!uuid) return Error{ErrorCode::Corrupt, "an instance's uuid is none", {}, {}};
        return SchemaPtr(
            std::make_shared<const InstanceSchema>(uuid.value().text(), record.at("memorybytes").get<std::uint64_t>()));
    }
    void writeSchema(const DatasetSchema& schema, Json& record) const override {
        const auto& instance = static_cast<const InstanceSchema&>(schema);
        record["instanceuuid"] = instance.uuid();
        record["memorybytes"] = instance.memoryBytes();
    }
    SchemaPtr settled(const SchemaPtr& schema, Lsn) const override { return schema; }
    SchemaPtr withoutGone(const SchemaPtr& schema, Lsn) const override { return schema; }
    std::shared_ptr<const RowFormat> rowFormat() const override { return std::make_shared<ImageFormat>(); }
    StatePlan statePlan(const DatasetSchema& schema) const override {
        return {StatePlan::Unit::Tree, static_cast<const InstanceSchema&>(schema).memoryBytes()};
    }
    FoldContext foldContext(const DatasetSchema&) const override { return {}; }
    Millis deletesKeptMs(const DatasetSchema&) const override { return 0; }
    Result<BodyCount> admit(const DatasetSchema&, const std::string&, BytesView body) const override {
        const auto rows = countRows(body);
        if (!rows) {
            Error error = rows.error();
            error.where = "ErrPayload";
            return error;
        }
        BodyCount count;
        count.operations = static_cast<std::uint32_t>(rows.value());
        return count;
    }
    const Policy* policy() const override { return &instancePolicy(); }
    const Lanes* lanes() const override { return nullptr; }
    Status bind(const DatasetSchema&, const LoggedBody& logged, Lsn, EntryRef& entry) const override {
        entry.mutations = logged.effect;
        return okStatus();
    }
    const Projections& projections() const override {
        static const WholeOnly kWhole;
        return kWhole;
    }
    Result<std::optional<std::string>> withoutDropped(const DatasetSchema&, BytesView, const std::string&,
                                                      Lsn) const override {
        return std::optional<std::string>();
    }
};

}  // namespace

InstanceSchema::InstanceSchema(std::string instanceUuid, std::uint64_t memoryBytes)
    : DatasetSchema(instanceKind()), uuid_(std::move(instanceUuid)), memoryBytes_(memoryBytes) {}

const DatasetKind& instanceKind() {
    static const InstanceKind kKind;
    return kKind;
}

std::shared_ptr<const NodeKinds> onlyInstance(std::shared_ptr<InstanceSettings> settings) {
    const auto make = [settings = std::move(settings)](Node& node) -> std::unique_ptr<ControlKind> {
        return std::make_unique<InstanceControl>(node, settings);
    };
    // As Tarantool's folder: *.xlog and *.snap say what there is, and whoever removes them wants an instance without
    // data. Rows have numbers of their own, which go on in the state.
    VolumeShape shape;
    shape.logDir = {};
    shape.segments = {".xlog", true};
    shape.snapshot = "/00000000000000000000.snap";
    shape.filesDecide = true;
    shape.incarnations = false;
    return std::make_shared<const NodeKinds>(NodeKinds{Kinds({&instanceKind()}), {make}, {&pushLinks()}, shape});
}

Error errorOf(const BoxFailure& failure) {
    return {ErrorCode::Conflict, failure.message, fmt::format("{}{}", kRefusal, failure.code), {}};
}

std::optional<BoxFailure> failureOf(const Error& error) {
    if (!error.where.starts_with(kRefusal)) return std::nullopt;
    const auto code = static_cast<std::uint32_t>(std::strtoul(error.where.c_str() + kRefusal.size(), nullptr, 10));
    return BoxFailure{code, error.what, {}};
}

Result<Vclock> clockOf(StateView& view) {
    Vclock clock;
    const Bytes from = clockKey(0).substr(0, 1);
    const auto chunk = view.scan(from, behindPrefix(from), Vclock::kIdsMax, SIZE_MAX);
    if (!chunk) return chunk.error();
    for (const StoredRow& row : chunk.value().rows) {
        ByteReader reader(imageOf(row.record));
        const auto lsn = reader.fixed<std::uint64_t>();
        if (Status followed = clock.follow(clockIdOf(row.key), static_cast<std::int64_t>(lsn)); !followed) {
            return followed.error();
        }
    }
    return clock;
}

}  // namespace tributary::engine::tarantool
