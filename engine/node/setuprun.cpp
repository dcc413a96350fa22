// The states of a set-up, one after the other, each durable before the next begins.
#include "engine/node/setuprun.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/node/controlserver.h"
#include "engine/node/node.h"

namespace tributary::engine {
namespace {

constexpr Millis kSaveMs = 500;         // what is copied meanwhile is copied again after a crash
constexpr Micros kPaceSliceUs = 2'000;  // shorter waits are made up for later

std::string codeOf(const Error& error) {
    if (error.where.starts_with("Err")) return error.where;
    switch (error.code) {
        case ErrorCode::PermissionDenied: return "ErrPermission";
        case ErrorCode::Timeout: return "ErrGatewayTimeout";
        case ErrorCode::Unavailable: return "ErrConnectionLost";
        case ErrorCode::DiskFull: return "ErrDiskFull";
        default: return "ErrSetup";
    }
}

/// No later try will do better: somebody has to decide.
bool isFinal(const Error& error, ReplicaState state) {
    if (error.where == kErrReplicaDeleted) return true;
    return state == ReplicaState::CreateSchedule && error.code == ErrorCode::AlreadyExists;
}

}  // namespace

SetupRun::SetupRun(Node& node, Setups& setups, std::uint32_t datasetId, std::uint32_t replicaIdx, std::uint64_t session)
    : node_(node), setups_(setups), datasetId_(datasetId), replicaIdx_(replicaIdx), session_(session) {}

SetupRun::~SetupRun() {
    *alive_ = false;
    for (const TimerId timer : {retryTimer_, paceTimer_}) node_.seams().timers.cancel(timer);
    node_.endCopySessions(session_);
}

const DatasetRecord* SetupRun::dataset() const {
    return node_.catalog().byId(datasetId_);
}

const ReplicaRecord* SetupRun::replica() const {
    const DatasetRecord* record = dataset();
    if (record == nullptr) return nullptr;
    const auto at = std::find_if(record->replicas.begin(), record->replicas.end(),
                                 [&](const ReplicaRecord& replica) { return replica.idx == replicaIdx_; });
    return at == record->replicas.end() || at->setup.is_null() ? nullptr : &*at;
}

const SetupKind& SetupRun::kind() const {
    return *node_.config().kinds->setups;
}

void SetupRun::go(bool mayCopy) {
    const ReplicaRecord* record = replica();
    if (record == nullptr || changing_) return;
    if (record->paused) {
        rest();
        return;
    }
    if (retryTimer_ != 0 || stepping_ || record->setup.contains("error")) return;
    switch (record->state) {
        case ReplicaState::WaitTillBulkload:
            if (kind().waitsFor(*dataset()).empty()) advance(ReplicaState::CreateSchedule);
            break;
        case ReplicaState::CreateSchedule: beginSteps(kind().beginning(*dataset(), *record)); break;
        case ReplicaState::CopySchedule:
            if (mayCopy) advance(ReplicaState::CopyInProgress);
            break;
        case ReplicaState::CopyInProgress:
        case ReplicaState::CopyInRecover:
            if (work_ != nullptr) {
                pump();
            } else if (mayCopy) {
                beginCopy();
            } else {
                advance(ReplicaState::CopySchedule);  // what went wrong is over; its turn is not yet
            }
            break;
        case ReplicaState::DeletingCursors: beginSteps(kind().ending(*dataset(), *record)); break;
        default: break;
    }
}

GatewayCalls& SetupRun::gateway() {
    if (gateway_ == nullptr) {
        const ReplicaRecord& to = *replica();
        Hello hello;
        hello.user = to.setup.value("user", std::string());
        hello.fromCluster = node_.config().cluster;
        hello.fromPath = dataset()->path;
        hello.fromUuid = dataset()->uuid;
        hello.toPath = to.path;
        hello.toUuid = to.uuid;
        const auto* set = node_.catalog().gatewaysFor(to.cluster);
        gateway_ = std::make_unique<GatewayCalls>(node_.seams(), node_.config(), to.cluster,
                                                  set == nullptr ? std::vector<std::string>{} : *set, std::move(hello));
    }
    return *gateway_;
}

/// The answer comes in a later turn.
void SetupRun::send(bool atSource, std::uint16_t method, const Bytes& body, Answered answered) {
    auto mine = [this, alive = alive_, generation = generation_, answered = std::move(answered)](Result<Bytes> answer) {
        if (*alive && generation == generation_ && replica() != nullptr) answered(std::move(answer));
    };
    if (!atSource) {
        gateway().call(method, body, std::move(mine));
        return;
    }
    auto later = [executor = &node_.seams().executor, mine = std::move(mine)](Result<Bytes> answer) {
        executor->post([mine, answer = std::move(answer)]() mutable { mine(std::move(answer)); });
    };
    node_.controlServer()->ask(
        {session_, method, replica()->setup.value("user", std::string()), body, std::move(later)});
}

void SetupRun::change(Edit edit) {
    changing_ = true;
    node_.change(
        [id = datasetId_, idx = replicaIdx_, edit = std::move(edit)](const Catalog& catalog) -> Result<CatalogChange> {
            const DatasetRecord* record = catalog.byId(id);
            if (record != nullptr) {
                DatasetRecord changed = *record;
                for (ReplicaRecord& replica : changed.replicas) {
                    if (replica.idx != idx || replica.setup.is_null()) continue;
                    edit(replica);
                    return CatalogChange::put(std::move(changed));
                }
            }
            return Error{ErrorCode::NotFound, "the replica was removed", {}, {}};
        },
        [this, alive = alive_](const Status&) {
            if (!*alive) return;
            changing_ = false;  // what was refused is asked for again
            setups_.followSoon();
        });
}

void SetupRun::advance(ReplicaState state) {
    node_.seams().faults.reached("setup-advanced");
    change([state](ReplicaRecord& replica) { replica.state = state; });
}

void SetupRun::beginSteps(std::vector<SetupCall> steps) {
    stepping_ = true;
    steps_ = std::move(steps);
    stepAt_ = 0;
    nextStep();
}

void SetupRun::nextStep() {
    if (stepAt_ == steps_.size()) {
        stepping_ = false;
        stepsDone();
        return;
    }
    const SetupCall& step = steps_[stepAt_];
    send(step.atSource, step.method, step.body.dump(), [this](const Result<Bytes>& answer) {
        const bool exists = !answer && answer.error().code == ErrorCode::AlreadyExists && steps_[stepAt_].mayExist;
        if (!answer && !exists) {
            failed(answer.error());
            return;
        }
        ++stepAt_;
        nextStep();
    });
}

void SetupRun::stepsDone() {
    trouble_.clear();
    if (replica()->state == ReplicaState::CreateSchedule) {
        advance(ReplicaState::CopySchedule);
        return;
    }
    letGo();
    change([](ReplicaRecord& replica) {
        replica.state = ReplicaState::Replicating;
        replica.copyPercent = 100;
        replica.setup = Json();
    });
}

void SetupRun::beginCopy() {
    const ReplicaRecord& to = *replica();
    const bool again = node_.seams().faults.hit("bug-setup-forgets");
    work_ = kind().copy(*dataset(), to, again ? Json() : to.setup.value("token", Json()));
    savedMs_ = node_.seams().clock.monotonicUs() / 1000;
    if (to.setup.contains("token")) node_.seams().faults.reached("setup-resumed");
    pump();
}

void SetupRun::pump() {
    while (work_ != nullptr && !work_->done()) {
        const Micros aheadUs = notBeforeUs_ - node_.seams().clock.monotonicUs();
        if (aheadUs > kPaceSliceUs) {
            if (paceTimer_ != 0) return;
            paceTimer_ = node_.seams().timers.after(aheadUs / 1000, [this] {
                paceTimer_ = 0;
                pump();
            });
            return;
        }
        const auto call = work_->next();
        if (!call) {
            if (work_->figures().items > 0 && node_.seams().faults.hit("bug-setup-done-early")) break;
            return;
        }
        if (!call->atSource) paced(call->body.size());
        send(call->atSource, call->method, call->body,
             [this, id = call->id](Result<Bytes> answer) { answered(id, std::move(answer)); });
    }
    if (work_ == nullptr || changing_) return;  // looked at again when the change is done
    letGo();
    change([](ReplicaRecord& replica) {
        replica.state = ReplicaState::DeletingCursors;
        replica.copyPercent = 100;
        replica.setup.erase("token");
    });
}

void SetupRun::paced(std::size_t bytes) {
    const Micros nowUs = node_.seams().clock.monotonicUs();
    notBeforeUs_ = std::max(notBeforeUs_, nowUs) + static_cast<Micros>(bytes * 1'000'000 / setups_.bytesPerS());
}

void SetupRun::answered(std::uint64_t id, Result<Bytes> answer) {
    if (work_ == nullptr) return;
    const CopyFigures before = work_->figures();
    if (Status taken = work_->answered(id, std::move(answer)); !taken) {
        failed(taken.error());
        return;
    }
    // What the source can read is no progress, nor is a replica that greets and then refuses what is sent.
    const CopyFigures& now = work_->figures();
    if (now.items > before.items || now.bytes > before.bytes || node_.seams().faults.hit("bug-setup-greeting-clears")) {
        trouble_.clear();
        save(replica()->state == ReplicaState::CopyInRecover);
    }
    pump();
}

void SetupRun::save(bool evenNow) {
    const Millis nowMs = node_.seams().clock.monotonicUs() / 1000;
    if (changing_ || work_->done() || (!evenNow && nowMs - savedMs_ < kSaveMs)) return;
    savedMs_ = nowMs;
    change([token = work_->token(), percent = work_->figures().percent()](ReplicaRecord& replica) {
        replica.state = ReplicaState::CopyInProgress;
        replica.copyPercent = std::max(replica.copyPercent, percent);
        replica.setup["token"] = token;
    });
}

/// The connection goes in a later turn: this may run inside a call of its own.
void SetupRun::letGo() {
    ++generation_;
    stepping_ = false;
    node_.seams().timers.cancel(std::exchange(paceTimer_, 0));
    auto oldGateway = std::make_shared<std::unique_ptr<GatewayCalls>>(std::move(gateway_));
    auto oldWork = std::make_shared<std::unique_ptr<CopyWork>>(std::move(work_));
    node_.endCopySessions(session_);
    node_.seams().executor.post([oldGateway, oldWork] {
        oldGateway->reset();
        oldWork->reset();
    });
}

void SetupRun::failed(const Error& error) {
    node_.seams().faults.reached("setup-failed");
    const ReplicaState state = replica()->state;
    const bool final = isFinal(error, state);
    const bool copying = state == ReplicaState::CopyInProgress;
    Json token = work_ == nullptr ? Json() : work_->token();
    const std::int32_t percent = this->percent();
    trouble_.setHost(gateway_ == nullptr ? std::string() : gateway_->host());
    const Micros nowUs = node_.seams().clock.monotonicUs();
    (void)trouble_.note({codeOf(error), error.what, 0, node_.seams().clock.wallMs(), nowUs / 1000,
                         node_.config().backOffMsMin, node_.config().backOffMsMax});
    letGo();
    retryTimer_ = node_.seams().timers.after(trouble_.nextTryMs(node_.seams().random), [this] {
        retryTimer_ = 0;
        setups_.followSoon();
    });
    if (final) {
        change([code = codeOf(error), what = error.what](ReplicaRecord& replica) {
            replica.state = ReplicaState::Unexpected;
            replica.setup["error"] = Json{{"code", code}, {"message", what}};
        });
    } else if (copying) {
        change([token = std::move(token), percent](ReplicaRecord& replica) {
            replica.state = ReplicaState::CopyInRecover;
            if (token.is_null()) return;
            replica.setup["token"] = token;
            replica.copyPercent = std::max(replica.copyPercent, percent);
        });
    }
}

/// Paused: what runs is given up, and goes on from its token.
void SetupRun::rest() {
    if (work_ != nullptr) {
        change([token = work_->token(), percent = percent()](ReplicaRecord& replica) {
            replica.setup["token"] = token;
            replica.copyPercent = std::max(replica.copyPercent, percent);
        });
    }
    node_.seams().timers.cancel(std::exchange(retryTimer_, 0));
    trouble_.clear();
    if (work_ != nullptr || gateway_ != nullptr || stepping_) letGo();
}

void SetupRun::addTrouble(const ReplicaRecord& replica, LinkStatus& status) const {
    const Micros nowUs = node_.seams().clock.monotonicUs();
    if (replica.setup.contains("error")) {
        const Json& error = replica.setup.at("error");
        status.errorCode = error.value("code", std::string());
        status.errorMessage = error.value("message", std::string());
        status.errorForMs = nowUs / 1000;  // for good
        return;
    }
    // A copy that waits for its turn has nothing in its way. The back-off stays: the next failure is no first one.
    const bool waits = replica.state == ReplicaState::CopySchedule;
    if (trouble_.active() && !waits) trouble_.fill(status, nowUs / 1000);
}

}  // namespace tributary::engine
