// From the start to the data: what lies on the disk, the peers, the first rows or those of a master.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/hostport.h"
#include "engine/systems/tarantool/instance/beginning.h"
#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/instance/picture.h"
#include "engine/systems/tarantool/instance/rowlist.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::uint32_t kFirstUserId = 32;
constexpr const char* kGreetedVersion = "3.0.0";
constexpr const char* kGreetedVersion26 = "2.6.0";

Result<std::set<std::uint32_t>> rolesOf(RowWork& work, std::uint32_t user) {
    std::set<std::uint32_t> roles;
    const auto looked = work.select(kPrivilegeSpace, 0, keyOf({user}), Iterator::Eq, [&](const TuplePtr& row) {
        if (textField(*row, 2) == "role") roles.insert(idField(*row, 3));
        return true;
    });
    if (!looked) return looked.error();
    return roles;
}

}  // namespace

void InstanceControl::begin(Done done) {
    if (isBegun_) {
        if (isReady_ && !isTrying_) {
            addUsers(std::move(done));
        } else {
            done(okStatus());
        }
        return;
    }
    const auto peers = peersOf(settings_->options);
    Status opened = peers ? openDoor() : Status(peers.error());
    if (!opened) {
        done(opened);
        return;
    }
    isBegun_ = true;
    configurePeers(peers.value());
    makeRecord([this, done = std::move(done)](const Status& made) mutable {
        if (made) {
            open(std::move(done));
        } else {
            done(made);
        }
    });
}

void InstanceControl::makeRecord(Done done) {
    if (record() != nullptr) {
        done(okStatus());
        return;
    }
    node_.change(
        [this](const Catalog& catalog) -> Result<CatalogChange> {
            DatasetRecord made;
            made.id = catalog.nextId();
            made.uuid = settings_->uuid;
            made.path = kInstancePath;
            made.schema = std::make_shared<const InstanceSchema>(settings_->uuid.text(), settings_->memoryBytes);
            return CatalogChange::put(std::move(made));
        },
        std::move(done));
}

void InstanceControl::open(Done done) {
    auto seen = picture();
    const auto isEmpty = seen ? seen.value()->work.isEmpty() : Result<bool>(seen.error());
    const auto isJoining = isEmpty ? seen.value()->work.isJoining() : isEmpty;
    if (!isJoining) {
        done(isJoining.error());
        return;
    }
    if (isJoining.value() && !node_.seams().faults.hit("bug-join-half-kept")) {
        logLine("a join has not ended: what it left is thrown away");
        forgetJoin([this, done = std::move(done)](const Status& gone) mutable {
            if (gone) {
                open(std::move(done));
            } else {
                done(gone);
            }
        });
        return;
    }
    if (!isEmpty.value()) {
        becomeReady();
        if (!appliers_->hasOthers()) {
            appliers_->startAlone();
            addUsers(std::move(done));
            return;
        }
        isTrying_ = true;
        appliers_->startWithData();
        done(okStatus());
        return;
    }
    if (!settings_->isAnybodyWritable) {
        done(Error{ErrorCode::InvalidInput,
                   fmt::format("Startup failure.\nNo leader to register new instance \"{}\". All the instances in "
                               "replicaset \"{}\" of group \"{}\" are configured to the read-only mode.",
                               settings_->name, settings_->replicaset, settings_->group),
                   "config.yaml", "database: {mode: rw} for one of them"});
        return;
    }
    if (!appliers_->hasOthers()) {
        bootstrapNow([this, done = std::move(done)](const Status& begun) {
            if (begun) appliers_->startAlone();
            done(begun);
        });
        return;
    }
    appliers_->startWithoutData();
    done(okStatus());
}

void InstanceControl::becomeReady(bool isJoined) {
    isReady_ = true;
    reused_.began(ownNumber(), isJoined);
    if (const DatasetRecord* known = record()) {
        static_cast<const InstanceSchema&>(*known->schema).install(settings_->triggers);
    }
    relays_.published();
}

void InstanceControl::bootstrapNow(std::function<void(Status)> done) {
    if (settings_->era == Era::V2_6) {
        bootstrapAs26(std::move(done));
        return;
    }
    put(beginningRows(*settings_), [this, done = std::move(done)](const BoxAnswer& answer) {
        const auto* failure = std::get_if<BoxFailure>(&answer);
        if (failure == nullptr) becomeReady();
        done(failure == nullptr ? okStatus() : Status(errorOf(*failure)));
    });
}

/// The first picture has no numbers: it is written as a join's is, by the instance itself. Cut off half, it goes as a
/// half join does, and the next start begins anew.
void InstanceControl::bootstrapAs26(std::function<void(Status)> done) {
    std::vector<Uuid> peers;
    const auto answered = appliers_->seen();
    peers.reserve(answered.size());
    for (const auto& [uuid, seen] : answered) peers.push_back(uuid);
    auto shared = std::make_shared<std::function<void(Status)>>(std::move(done));
    writeRows(pictureBody(pictureRowsOf26(*settings_, peers)), true, [this, shared](const Result<Bytes>& picture) {
        if (!picture) {
            (*shared)(picture.error());
            return;
        }
        writeRows(joinedBody(Vclock()), true, [this, shared](const Result<Bytes>& whole) {
            if (!whole) {
                (*shared)(whole.error());
                return;
            }
            put(onceRowsOf26(*settings_), [this, shared](const BoxAnswer& answer) {
                const auto* failure = std::get_if<BoxFailure>(&answer);
                if (failure == nullptr) becomeReady();
                (*shared)(failure == nullptr ? okStatus() : Status(errorOf(*failure)));
            });
        });
    });
}

void InstanceControl::forgetJoin(std::function<void(Status)> done) {
    node_.change(
        [this](const Catalog&) -> Result<CatalogChange> {
            const DatasetRecord* known = record();
            if (known == nullptr) return Error{ErrorCode::NotFound, "the instance has no data", {}, {}};
            return CatalogChange::drop(known->id);
        },
        [this, done = std::move(done)](const Status& dropped) mutable {
            if (dropped) {
                makeRecord(std::move(done));
            } else {
                done(dropped);
            }
        });
}

void InstanceControl::joined() {
    ++schemaVersion_;
    becomeReady(true);
    appliers_->joinEnded();
    addUsers([this](const Status& added) {
        if (!added) logLine("users of the configuration are not added: " + added.error().text());
    });
}

void InstanceControl::peersTried() {
    isTrying_ = false;
    addUsers([this](const Status& added) {
        if (!added) logLine("users of the configuration are not added: " + added.error().text());
    });
}

/// Users are added and get their passwords and roles, and nothing of it is ever taken away, as Tarantool does with
/// credentials.
void InstanceControl::addUsers(Done done) {
    auto seen = picture();
    if (!seen) {
        done(seen.error());
        return;
    }
    std::uint32_t next = kFirstUserId;
    std::map<std::string, TuplePtr> known;
    const auto looked = seen.value()->work.select(kUserSpace, 0, "\x90", Iterator::All, [&](const TuplePtr& row) {
        known.emplace(textField(*row, 2), row);
        next = std::max(next, idField(*row, 0) + 1);
        return true;
    });
    if (!looked) {
        done(looked.error());
        return;
    }
    std::vector<Packet> rows;
    for (const InstanceUser& user : settings_->options.users) {
        if (const auto there = known.find(user.name); there != known.end()) {
            if (auto changed = passwordRow(user, *there->second)) rows.push_back(std::move(*changed));
            const std::uint32_t id = idField(*there->second, 0);
            const auto roles = rolesOf(seen.value()->work, id);
            if (!roles) {
                done(roles.error());
                return;
            }
            for (Packet& row : roleRows(user, id, roles.value())) rows.push_back(std::move(row));
            continue;
        }
        for (Packet& row : userRows(user, next, settings_->era)) rows.push_back(std::move(row));
        ++next;
    }
    if (rows.empty() || isReadOnly()) {
        done(okStatus());
        return;
    }
    put(rows, [done = std::move(done)](const BoxAnswer& answer) {
        const auto* failure = std::get_if<BoxFailure>(&answer);
        done(failure == nullptr ? okStatus() : Status(errorOf(*failure)));
    });
}

Status InstanceControl::openDoor() {
    const std::string& listen = settings_->options.listen;
    if (listen == listen_) return okStatus();
    if (door_ == nullptr) {
        door_ = std::make_unique<IprotoDoor>(node_.seams(), *this, relays_, settings_->scripts.get(), settings_->uuid,
                                             settings_->era == Era::V2_6 ? kGreetedVersion26 : kGreetedVersion);
    }
    if (listen.empty()) {
        door_->shut();
    } else if (Status opened = door_->open(listen); !opened) {
        return opened;
    }
    listen_ = listen;
    return okStatus();
}

Result<std::vector<PeerAddress>> InstanceControl::peersOf(const InstanceOptions& options) {
    std::vector<PeerAddress> peers;
    peers.reserve(options.peers.size());
    for (const std::string& uri : options.peers) {
        const auto own = options.peerPasswords.find(uri);
        auto peer = parsePeer(uri, own != options.peerPasswords.end() ? own->second : options.peerPassword);
        if (!peer) return peer.error();
        peers.push_back(std::move(peer).value());
    }
    return peers;
}

void InstanceControl::configurePeers(const std::vector<PeerAddress>& peers) {
    const auto own = parseHostPort(settings_->options.listen);
    appliers_->configure(peers, [&](const PeerAddress& peer) {
        return own && peer.endpoint.host == own->host && peer.endpoint.port == own->port;
    });
}

Vclock InstanceControl::publishedClock() const {
    auto seen = picture();
    const auto known = seen ? clockOf(seen.value()->view.state()) : Result<Vclock>(seen.error());
    return known ? known.value() : Vclock();
}

std::int64_t InstanceControl::ownNumber() const {
    auto seen = picture();
    const auto id = seen ? seen.value()->work.ownId() : Result<std::uint32_t>(seen.error());
    const auto clock = id ? clockOf(seen.value()->view.state()) : Result<Vclock>(id.error());
    return clock ? clock.value().at(id.value()) : 0;
}

void InstanceControl::met(const Uuid& member, const Vclock& theirs) {
    auto seen = picture();
    const auto id = seen ? seen.value()->work.ownId() : Result<std::uint32_t>(seen.error());
    if (!id || id.value() == 0) return;
    std::string name = member.text();
    // Who cannot be named is called by its uuid.
    (void)seen.value()->work.select(kClusterSpace, 0, "\x90", Iterator::All, [&](const TuplePtr& row) {
        if (textField(*row, 1) == member.text() && !textField(*row, 2).empty()) name = textField(*row, 2);
        return true;
    });
    const auto found = reused_.met(member, name, theirs.at(id.value()), ownNumber(), node_.seams().clock.wallMs());
    if (found) logLine(*found);
}

Uuid InstanceControl::replicasetOfData() const {
    auto seen = picture();
    if (!seen) return settings_->replicasetUuid;
    // Tarantool 3 and 2 have different names for it.
    for (const std::string_view name : {"replicaset_uuid", "cluster"}) {
        Bytes key;
        MsgpackWriter writer(key);
        writer.array(1);
        writer.string(name);
        const auto found = seen.value()->work.get(kSchemaSpace, 0, key);
        const auto* row = found ? std::get_if<TuplePtr>(&found.value()) : nullptr;
        if (row == nullptr || *row == nullptr) continue;
        if (const auto uuid = Uuid::parse(textField(**row, 1))) return uuid.value();
    }
    return settings_->replicasetUuid;
}

void InstanceControl::writeRows(Bytes body, bool changesSchema, Written written) {
    PutRequest request;
    request.path = kInstancePath;
    request.body = std::move(body);
    node_.put(std::move(request), [this, changesSchema, written = std::move(written)](Result<Bytes> reply) {
        if (reply && changesSchema) ++schemaVersion_;
        written(std::move(reply));
    });
}

void InstanceControl::logLine(const std::string& line) {
    if (node_.config().onTrouble) node_.config().onTrouble(line);
}

}  // namespace tributary::engine::tarantool
