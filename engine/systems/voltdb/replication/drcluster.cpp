// The life of a cluster in its group.
#include "engine/systems/voltdb/replication/drcluster.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

namespace tributary::engine::voltdb {

namespace {

constexpr std::uint16_t kDrPort = 5'555;
constexpr std::string_view kRoleFixed =
    "The XDCR role cannot be changed on an existing database. Save the contents, initialize a new instance with the "
    "desired role, and restore the contents.";

}  // namespace

DrCluster::DrCluster(DrStore& store) : store_(store), producer_(*this) {}

DrCluster::~DrCluster() {
    *alive_ = false;
    if (keepTimer_ != 0) store_.seams().timers.cancel(keepTimer_);
}

Status DrCluster::open() {
    const DrSettings& settings = store_.settings();
    if (settings.role == DrRole::None) return okStatus();
    if (settings.cluster < 0 || settings.cluster > static_cast<int>(kClusterMask)) {
        return Error{
            ErrorCode::InvalidInput, "The specified cluster ID must be in the range of 0 to 127.", "dr/@id", {}};
    }
    auto known = loadBook(store_.seams().files, settings.bookFile);
    if (!known && known.error().code != ErrorCode::NotFound) return known.error();
    if (!known) {
        if (settings.role == DrRole::Replica && settings.sources.empty()) {
            return Error{ErrorCode::InvalidInput, "a replica needs a connection source", "dr/connection/@source",
                         "<connection source=\"host\"/> with a host of the master"};
        }
        book_.creationMs = store_.seams().clock.wallMs();
        book_.role = settings.role;
        return save();
    }
    book_ = std::move(*known);
    saved_ = bookText(book_);
    // A copy of this volume elsewhere must not find the clusters of the original.
    for (auto& [cluster, talk] : book_.conversations) {
        const auto now = settings.addresses.find(cluster);
        if (now == settings.addresses.end() || talk.remote.address.empty()) continue;
        if (!store_.seams().faults.hit("bug-dr-remembers-doors")) talk.remote.address = now->second;
    }
    const bool isPromoted = settings.role == DrRole::Replica && book_.role == DrRole::Master;
    if (book_.role != settings.role && !isPromoted) {
        return Error{ErrorCode::InvalidInput, std::string(kRoleFixed), "dr/@role", "voltdb init --force"};
    }
    if (book_.isSyncing) broken_ = kSnapshotBroken;
    if (settings.commandLog == CommandLog::Off && !book_.conversations.empty()) {
        broken_ =
            "DR cannot be resumed: there is no command log to recover it from. DR can only be restarted from "
            "scratch";
        store_.seams().faults.reached("dr-no-command-log");
    }
    producer_.takeUp();
    return okStatus();
}

Status DrCluster::start() {
    if (book_.role == DrRole::None) return okStatus();
    if (book_.role == DrRole::Replica) store_.setReadOnly("replica cluster");
    keepTimer_ = store_.seams().timers.after(kKeepMs, [this] { keep(); });
    if (!broken_.empty()) {
        store_.logLine("DR: " + broken_);
        return okStatus();
    }
    const DrMember own = self();
    store_.logLine(fmt::format("DR initializing with Cluster Id {}. The DR cluster was first started at {}.",
                               own.cluster, own.creationMs));
    if (Status done = noteStart(); !done) return done;
    if (Status done = producer_.start(); !done) return done;
    if (book_.role != DrRole::Master) {
        for (const auto& [cluster, talk] : book_.conversations) {
            if (book_.hasJoined && talk.isSynced) follow(talk.remote);
        }
    }
    seek();
    return okStatus();
}

/// Nobody can have more of this cluster than it had itself when it started. Whoever does knew another life of it,
/// before its volume was put back, and would take what is written now for what it has.
Status DrCluster::noteStart() {
    if (book_.role == DrRole::Replica || store_.seams().faults.hit("bug-dr-put-back-ignored")) return okStatus();
    for (auto& [cluster, talk] : book_.conversations) {
        if (!talk.until.empty()) continue;
        for (int partition = 0; partition < store_.partitions(); ++partition) {
            talk.until[partition] = store_.nextAtStart(partition);
        }
        talk.until[kMpPartition] = store_.nextAtStart(kMpPartition);
    }
    return save();
}

void DrCluster::seek() {
    const bool seeks = book_.role == DrRole::Replica || book_.role == DrRole::Xdcr;
    if (!seeks || book_.hasJoined || !broken_.empty() || store_.settings().sources.empty()) return;
    drop(std::move(seed_));
    seed_ = std::make_unique<DrConsumer>(*this, store_.settings().sources, std::nullopt, DrWant::Join, -1);
    seed_->start();
}

void DrCluster::sourcesChanged() {
    drop(std::move(seed_));
    seek();
}

Status DrCluster::stopCleanly() {
    if (book_.role == DrRole::None) return okStatus();
    dropConsumers();
    producer_.note();
    producer_.hangUpAll();
    return save();
}

void DrCluster::drop(std::unique_ptr<DrConsumer> consumer) {
    if (consumer == nullptr) return;
    consumer->stop({});
    // It may be in a call of its own.
    store_.seams().executor.post([old = std::shared_ptr<DrConsumer>(std::move(consumer))] {});
}

void DrCluster::dropConsumers() {
    drop(std::move(seed_));
    for (auto& [cluster, consumer] : consumers_) drop(std::move(consumer));
    consumers_.clear();
}

Status DrCluster::save() {
    std::string text = bookText(book_);
    if (text == saved_) return okStatus();
    Status done = saveBook(store_.seams().files, store_.settings().bookFile, book_);
    if (done) {
        saved_ = std::move(text);
        return done;
    }
    // What is held, and for whom, would not outlive this process.
    broken_ = "the book of DR conversations cannot be written: " + done.error().text();
    store_.logLine("DR: " + broken_);
    store_.seams().executor.post([this, alive = alive_] {
        if (!*alive) return;
        dropConsumers();
        producer_.hangUpAll();
    });
    return done;
}

void DrCluster::keep() {
    keepTimer_ = store_.seams().timers.after(kKeepMs, [this] { keep(); });
    constexpr Micros kKeptUs = 300'000'000;
    const Micros now = store_.seams().clock.monotonicUs();
    for (const auto& [cluster, consumer] : consumers_) {
        std::deque<Sample>& samples = samples_[cluster];
        samples.push_back({now, consumer->bytesReceived()});
        while (samples.size() > 2 && samples[1].atUs < now - kKeptUs) samples.pop_front();
    }
    if (!broken_.empty() || book_.role == DrRole::Replica) return;
    producer_.note();
    (void)save();  // a failure is told, and stops replication
}

Lsn DrCluster::neededFrom() const {
    const bool holds = book_.role == DrRole::Master || book_.role == DrRole::Xdcr;
    return holds ? producer_.neededFrom() : std::numeric_limits<Lsn>::max();
}

DrMember DrCluster::self() const {
    DrMember out;
    out.cluster = store_.settings().cluster;
    out.creationMs = book_.creationMs;
    out.address = store_.settings().address;
    if (out.address.empty()) {
        const auto door = producer_.door();
        if (door) out.address = door->text();
    }
    return out;
}

std::vector<DrMember> DrCluster::others() const {
    std::vector<DrMember> out;
    out.reserve(book_.conversations.size());
    for (const auto& [cluster, talk] : book_.conversations) {
        if (talk.isSynced) out.push_back(talk.remote);
    }
    return out;
}

Endpoint DrCluster::endpointOf(const std::string& address) const {
    Endpoint out;
    const std::size_t colon = address.rfind(':');
    out.host = address.substr(0, colon);
    out.port = kDrPort;
    if (colon != std::string::npos) {
        (void)std::from_chars(address.data() + colon + 1, address.data() + address.size(), out.port);
    }
    return out;
}

void DrCluster::follow(const DrMember& member) {
    if (member.cluster == store_.settings().cluster || !book_.conversations.contains(member.cluster)) return;
    if (consumers_.contains(member.cluster) || !broken_.empty()) return;
    std::vector<Endpoint> sources;
    if (!member.address.empty()) sources.push_back(endpointOf(member.address));
    if (book_.role == DrRole::Replica) {
        for (const Endpoint& each : store_.settings().sources) sources.push_back(each);
    }
    auto consumer = std::make_unique<DrConsumer>(*this, std::move(sources), member, DrWant::Follow, -1);
    consumer->start();
    consumers_[member.cluster] = std::move(consumer);
    if (book_.hasJoined) drop(std::move(seed_));
}

void DrCluster::holdAtOthers(const DrMember& source, const std::vector<DrMember>& others, std::function<void()> ready) {
    for (auto& [cluster, consumer] : consumers_) drop(std::move(consumer));
    consumers_.clear();
    const auto waiting = std::make_shared<std::size_t>(others.size());
    const auto finish = std::make_shared<std::function<void()>>(std::move(ready));
    if (others.empty()) {
        (*finish)();
        return;
    }
    for (const DrMember& each : others) {
        auto consumer = std::make_unique<DrConsumer>(*this, std::vector<Endpoint>{endpointOf(each.address)}, each,
                                                     DrWant::Hold, source.cluster);
        consumer->whenHeld([waiting, finish] {
            if (--*waiting == 0) (*finish)();
        });
        consumer->start();
        consumers_[each.cluster] = std::move(consumer);
    }
}

void DrCluster::joined(const DrMember& source, const std::vector<DrMember>& others) {
    std::vector<DrMember> members = others;
    members.push_back(source);
    for (const DrMember& each : members) {
        DrConversation talk;
        talk.remote = each;
        talk.hasBegun = true;
        talk.isSynced = true;
        talk.hasFollowed = each == source;
        for (int partition = 0; partition < store_.partitions(); ++partition) {
            talk.acked[partition] = store_.nextSequence(partition);
        }
        talk.acked[kMpPartition] = store_.nextSequence(kMpPartition);
        talk.heldFrom = producer_.published() + 1;
        book_.conversations.insert_or_assign(each.cluster, std::move(talk));
    }
    if (!save()) return;
    consumers_[source.cluster] = std::move(seed_);
    if (book_.role != DrRole::Xdcr) return;
    for (const DrMember& each : members) producer_.take(each.cluster);
    store_.setReadOnly({});
    for (const DrMember& each : others) {
        const auto at = consumers_.find(each.cluster);
        if (at != consumers_.end()) at->second->followNow();
    }
}

void DrCluster::schemaChanged() {
    producer_.schemaChanged();
    if (seed_ != nullptr) seed_->schemaChanged();
    for (auto& [cluster, consumer] : consumers_) consumer->schemaChanged();
}

void DrCluster::conflicts(const std::vector<DrConflictNote>& notes) {
    std::string lines;
    for (const DrConflictNote& each : notes) {
        ConflictFigure& figure = conflicts_[{each.cluster, each.partition, each.table}];
        figure.counts.total += each.counts.total;
        figure.counts.divergence += each.counts.divergence;
        figure.counts.missingRow += each.counts.missingRow;
        figure.counts.timestampMismatch += each.counts.timestampMismatch;
        figure.counts.constraintViolation += each.counts.constraintViolation;
        figure.lastUs = each.timestampUs;
        lines += each.lines;
    }
    if (!lines.empty()) appendConflictLines(lines);
}

void DrCluster::appendConflictLines(const std::string& lines) {
    const std::string& path = store_.settings().conflictFile;
    if (path.empty()) return;
    auto file = store_.seams().files.open(path, FileOps::Open::Create);
    if (!file) {
        store_.logLine("the conflict log cannot be opened: " + file.error().text());
        return;
    }
    const auto size = (*file)->size();
    const Status written = size ? (*file)->write(*size, lines) : Status(size.error());
    if (!written) store_.logLine("the conflict log cannot be written: " + written.error().text());
}

}  // namespace tributary::engine::voltdb
