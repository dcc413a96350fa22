// Rows, bodies and decisions of toys.
#include "toykind.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/node/node.h"
#include "tests/toy/toylinks.h"

namespace tributary::toy {
namespace {

using namespace engine;

constexpr std::size_t kBytesMax = 32U << 20U;

constexpr KindWords kWords{"ledger", "ledgers", "ErrLedgerMissing", "ErrLedgerUnavailable"};

bool nextOrder(ByteReader& reader, ToyOrder& order) {
    if (reader.atEnd()) return false;
    order.order = static_cast<Order>(reader.fixed<std::uint8_t>());
    order.account = std::string(reader.blob());
    order.text = std::string(reader.blob());
    return reader.ok();
}

bool isAddition(const ToyOrder& order) {
    return order.order == Order::Add;
}

class ToyLanes final : public Lanes {
public:
    std::vector<LaneShare> split(BytesView body) const override {
        const std::vector<ToyOrder> orders = decodeOrders(body);
        const auto rest = std::find_if_not(orders.begin(), orders.end(), isAddition);
        const auto additions = static_cast<std::uint64_t>(rest - orders.begin());
        const std::size_t bytes = encodeOrders({orders.begin(), rest}).size();
        std::vector<LaneShare> shares;
        if (additions > 0) shares.push_back({"add", additions, bytes});
        if (additions == 0 || rest != orders.end()) shares.push_back({"name", 1, body.size() - bytes});
        return shares;
    }
    Result<Admission> admission(std::string_view subKey) const override {
        if (subKey == "add") return Admission::AnyOrder;
        if (subKey == "name") return Admission::GapWaits;
        return Error{ErrorCode::Corrupt, "a ledger has no such lane", {}, {}};
    }
};

class ToySchema final : public DatasetSchema {
public:
    ToySchema() : DatasetSchema(toyKind()) {}
};

/// Of two records the one with the larger lsn is the later decision.
class ToyFolder final : public RowFolder {
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

class ToyFormat final : public RowFormat {
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
    std::unique_ptr<RowFolder> makeFolder() const override { return std::make_unique<ToyFolder>(); }
};

/// The state under one decision: what is stored and pending, and what the decision itself has changed.
class Ledger {
public:
    explicit Ledger(PendingView& view) : view_(view) {}
    Result<std::string> image(const std::string& key) {
        if (const auto at = changed_.find(key); at != changed_.end()) return at->second;
        auto record = view_.get(key);
        if (!record) return record.error();
        return record.value() ? shownImage(*record.value()) : std::string();
    }
    void set(const std::string& key, const std::string& image) { changed_[key] = image; }
    /// The keys from `prefix` on whose image is `image`, changed ones as they are now.
    Result<std::vector<std::string>> keysWith(const std::string& prefix, const std::string& image) {
        std::map<std::string, std::string> found;
        std::string end = prefix;
        ++end.back();
        const Status looked = view_.scan(prefix, end, [&](BytesView key, BytesView record) {
            found[std::string(key)] = shownImage(record);
            return true;
        });
        if (!looked) return looked.error();
        for (const auto& [key, now] : changed_) found[key] = now;
        std::vector<std::string> keys;
        for (const auto& [key, now] : found) {
            if (key.starts_with(prefix) && now == image) keys.push_back(key);
        }
        return keys;
    }
    /// Of the images that are not empty: what only takes rows away is never too much.
    [[nodiscard]] std::size_t grownBytes() const {
        std::size_t bytes = 0;
        for (const auto& [key, image] : changed_) bytes += image.size();
        return bytes;
    }
    [[nodiscard]] Bytes effect() const {
        Bytes out;
        for (const auto& [key, image] : changed_) {
            appendBlob(out, key);
            appendBlob(out, image);
        }
        return out;
    }

private:
    PendingView& view_;
    std::map<std::string, std::string> changed_;
};

Decision stop(std::string what, const char* code) {
    Decision decision;
    decision.verdict = Verdict::Stop;
    decision.reason = Error{ErrorCode::Conflict, std::move(what), code, {}};
    return decision;
}

class ToyPolicy final : public Policy {
public:
    Result<Decision> decide(const Proposal& proposal, PendingView& view) const override {
        Ledger ledger(view);
        Decision decision;
        std::vector<ToyOrder> travel;
        std::vector<ToyOrder> orders = decodeOrders(proposal.body);
        std::stable_partition(orders.begin(), orders.end(), isAddition);
        for (const ToyOrder& order : orders) {
            if (order.order == Order::Note) {
                ledger.set("l/" + order.account, order.text);
                continue;
            }
            travel.push_back(order);
            auto step = take(ledger, order, proposal.local, decision);
            if (!step) return step.error();
            if (step.value()) return *step.value();
        }
        decision.effect = ledger.effect();
        if (ledger.grownBytes() > 0 && decision.effect.size() > view.bytesLeft()) {
            return stop("the ledger is full", "ErrLedgerFull");
        }
        decision.body = encodeOrders(travel);
        return decision;
    }

private:
    /// The whole decision, when the order ends it.
    static Result<std::optional<Decision>> take(Ledger& ledger, const ToyOrder& order, bool local, Decision& decision) {
        const std::string key = (order.order == Order::Add ? "a/" + order.account : "n/" + order.text);
        const auto now = ledger.image(key);
        if (!now) return now.error();
        if (order.order == Order::Add) {
            const long balance =
                std::strtol(now.value().c_str(), nullptr, 10) + std::strtol(order.text.c_str(), nullptr, 10);
            if (balance < 0 && local) {
                return std::optional(stop(fmt::format("{} would fall to {}", order.account, balance), "ErrBelowZero"));
            }
            if (balance < 0) {
                Decision skip;
                skip.verdict = Verdict::Skip;
                return std::optional(std::move(skip));
            }
            ledger.set(key, std::to_string(balance));
            decision.reply = std::to_string(balance);
        } else if (order.order == Order::Name) {
            if (!now.value().empty() && now.value() != order.account) {
                return std::optional(stop(fmt::format("{} is {}'s already", order.text, now.value()), "ErrNameTaken"));
            }
            ledger.set(key, order.account);
        } else if (order.order == Order::Unname && now.value() == order.account) {
            ledger.set(key, {});
        } else if (order.order == Order::Close) {
            const auto names = ledger.keysWith("n/", order.account);
            if (!names) return names.error();
            for (const std::string& name : names.value()) ledger.set(name, {});
        } else if (order.order == Order::Poison) {
            ledger.set("poison", "x");
        }
        return std::optional<Decision>();
    }
};

class WholeOnly final : public Projections {
public:
    Status check(std::string_view projection) const override {
        if (projection.empty()) return okStatus();
        return Error{ErrorCode::Corrupt, "a ledger goes whole", "ErrPayload", {}};
    }
    bool covers(std::string_view wide, std::string_view narrow) const override { return wide == narrow; }
    Result<std::optional<std::string>> intersection(std::string_view, std::string_view) const override {
        return check("x").error();
    }
    Result<std::unique_ptr<Projector>> make(std::string_view) const override { return check("x").error(); }
};

class ToyKind final : public DatasetKind {
public:
    std::string_view name() const override { return "ledger"; }
    std::uint8_t number() const override { return 200; }
    const KindWords& words() const override { return kWords; }
    Result<SchemaPtr> parseSchema(const Json&) const override { return toySchema(); }
    void writeSchema(const DatasetSchema&, Json&) const override {}
    SchemaPtr settled(const SchemaPtr& schema, Lsn) const override { return schema; }
    SchemaPtr withoutGone(const SchemaPtr& schema, Lsn) const override { return schema; }
    std::shared_ptr<const RowFormat> rowFormat() const override { return std::make_shared<ToyFormat>(); }
    StatePlan statePlan(const DatasetSchema&) const override { return {StatePlan::Unit::Tree, kBytesMax}; }
    FoldContext foldContext(const DatasetSchema&) const override { return {}; }
    Millis deletesKeptMs(const DatasetSchema&) const override { return 0; }
    Result<BodyCount> admit(const DatasetSchema&, const std::string&, BytesView body) const override {
        ByteReader reader(body);
        ToyOrder order;
        BodyCount count;
        while (nextOrder(reader, order)) ++count.operations;
        if (reader.ok()) return count;
        return Error{ErrorCode::Corrupt, "a body is damaged", "ErrPayload", {}};
    }
    const Policy* policy() const override {
        static const ToyPolicy kPolicy;
        return &kPolicy;
    }
    const Lanes* lanes() const override {
        static const ToyLanes kLanes;
        return &kLanes;
    }
    Status bind(const DatasetSchema&, const LoggedBody& logged, Lsn, EntryRef& entry) const override {
        if (logged.effect.find("poison") != BytesView::npos) {
            return Error{ErrorCode::Corrupt, "the toy is poisoned", {}, {}};
        }
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

class ToyControl final : public ControlKind {
public:
    explicit ToyControl(std::shared_ptr<const Lsn> neededFrom) : neededFrom_(std::move(neededFrom)) {}
    Lsn neededFrom() override { return neededFrom_ == nullptr ? ControlKind::neededFrom() : *neededFrom_; }
    const DatasetKind& kind() const override { return toyKind(); }
    void addRequests(ControlRequests&) override {}
    Result<CheckedWrite> checkWrite(const PutRequest& request, const DatasetRecord* record) override {
        if (record == nullptr) return Error{ErrorCode::NotFound, "no ledger " + request.path, {}, {}};
        const auto count = toyKind().admit(*record->schema, record->path, request.body);
        if (!count) return count.error();
        return CheckedWrite{count.value().operations, false, 0};
    }
    std::string alarmEntity(const std::string& path) const override { return path; }
    bool knowsEntity(const std::string&) const override { return false; }
    std::string_view entityNouns() const override { return "ledger"; }
    Json linkJson(const ShownLink& link) const override { return Json{{"path", link.replica.path}}; }

private:
    std::shared_ptr<const Lsn> neededFrom_;
};

}  // namespace

Bytes encodeOrders(const std::vector<ToyOrder>& orders) {
    Bytes out;
    for (const ToyOrder& order : orders) {
        appendFixed<std::uint8_t>(out, static_cast<std::uint8_t>(order.order));
        appendBlob(out, order.account);
        appendBlob(out, order.text);
    }
    return out;
}

std::vector<ToyOrder> decodeOrders(BytesView body) {
    std::vector<ToyOrder> orders;
    ByteReader reader(body);
    ToyOrder order;
    while (nextOrder(reader, order)) orders.push_back(order);
    return orders;
}

const DatasetKind& toyKind() {
    static const ToyKind kKind;
    return kKind;
}

std::shared_ptr<const NodeKinds> onlyToys(VolumeShape volume, std::shared_ptr<const Lsn> neededFrom) {
    const auto make = [neededFrom = std::move(neededFrom)](Node&) -> std::unique_ptr<ControlKind> {
        return std::make_unique<ToyControl>(neededFrom);
    };
    return std::make_shared<const NodeKinds>(NodeKinds{Kinds({&toyKind()}), {make}, {&toyLinks()}, std::move(volume)});
}

SchemaPtr toySchema() {
    return std::make_shared<const ToySchema>();
}

std::string shownImage(BytesView record) {
    return record.size() < sizeof(std::uint64_t) ? std::string() : std::string(record.substr(sizeof(std::uint64_t)));
}

}  // namespace tributary::toy
