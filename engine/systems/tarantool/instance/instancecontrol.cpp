// Beginning, transactions, and the way of a call.
#include "engine/systems/tarantool/instance/instancecontrol.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/systems/tarantool/instance/erawords.h"
#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/instance/picture.h"
#include "engine/systems/tarantool/instance/rowlist.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::size_t kTransactionsMax = 256;  ///< of connections; what comes later has to wait for one to end

Bytes encodeAnswer(const BoxAnswer& answer) {
    Bytes out;
    MsgpackWriter writer(out);
    if (const auto* failure = std::get_if<BoxFailure>(&answer)) {
        writer.array(3);
        writer.boolean(false);
        writer.unsignedInteger(failure->code);
        writer.string(failure->message);
        return out;
    }
    writer.array(2);
    writer.boolean(true);
    writer.raw(std::get<Bytes>(answer));
    return out;
}

}  // namespace

InstanceControl::InstanceControl(Node& node, std::shared_ptr<InstanceSettings> settings)
    : node_(node),
      settings_(std::move(settings)),
      appliers_(std::make_unique<Appliers>(node.seams(), *this)),
      queue_(node.seams(), [this](Bytes body, bool changesSchema, Written written) {
          writeRows(std::move(body), changesSchema, std::move(written));
      }) {}
InstanceControl::~InstanceControl() = default;

const DatasetKind& InstanceControl::kind() const {
    return instanceKind();
}

Json InstanceControl::linkJson(const ShownLink& link) const {
    return Json{{"path", link.replica.path}};
}

Result<CheckedWrite> InstanceControl::checkWrite(const PutRequest& request, const DatasetRecord* record) {
    if (record == nullptr) return Error{ErrorCode::NotFound, "the instance has not been bootstrapped", {}, {}};
    const auto count = instanceKind().admit(*record->schema, record->path, request.body);
    if (!count) return count.error();
    return CheckedWrite{count.value().operations, false, 0};
}

void InstanceControl::addRequests(ControlRequests& requests) {
    requests.add(BoxMethod::Begin, administratorOnly("begin the life", [this](const ControlCall& asked) {
                     begin([asked](const Status& status) { asked.replyStatus(status); });
                 }));
    requests.add(BoxMethod::Call,
                 administratorOnly(
                     "use the console",
                     [this](const ControlCall& asked) {
                         MsgpackReader reader(asked.body);
                         const std::uint32_t parts = reader.array();
                         const std::string method(reader.string());
                         const BytesView arguments = reader.value();
                         if (parts != 2 || !reader.ok() || !reader.atEnd()) {
                             asked.reply(Error{ErrorCode::InvalidInput, "a call is [method, [argument, ...]]", {}, {}});
                             return;
                         }
                         call(asked.session, method, arguments,
                              [reply = asked.reply](const BoxAnswer& answer) { reply(encodeAnswer(answer)); });
                     }),
                 ControlRequests::Body::Binary);
}

const DatasetRecord* InstanceControl::record() const {
    return node_.catalog().byPath(kInstancePath);
}

Result<std::unique_ptr<InstanceControl::Picture>> InstanceControl::picture() const {
    const DatasetRecord* known = record();
    if (known == nullptr) return Error{ErrorCode::NotFound, "the instance has not been bootstrapped", {}, {}};
    auto view = node_.view(known->id, false);
    if (!view) return view.error();
    SpaceCache& spaces = static_cast<const InstanceSchema&>(*known->schema).spaces();
    return std::make_unique<Picture>(std::move(view).value(), settings_->uuid.text(), &spaces,
                                     settings_->triggers.get());
}

std::uint32_t InstanceControl::datasetId() const {
    const DatasetRecord* known = record();
    return known == nullptr ? 0 : known->id;
}

Result<std::unique_ptr<StateView>> InstanceControl::frozen() {
    return node_.view(datasetId(), true);
}

std::optional<Endpoint> InstanceControl::doorEndpoint() const {
    return door_ == nullptr ? std::nullopt : door_->endpoint();
}

Status InstanceControl::look(const std::function<Status(RowWork&)>& use) {
    if (!isReady_) return errorOf(failures::loading());
    auto seen = picture();
    return seen ? use(seen.value()->work) : Status(seen.error());
}

Ballot InstanceControl::ballot() const {
    Ballot ballot;
    ballot.isReadOnly = settings_->options.isReadOnly;
    ballot.isLoading = !isReady_;
    if (auto seen = picture()) {
        if (const auto known = clockOf(seen.value()->view.state())) ballot.clock = known.value();
    }
    return ballot;
}

void InstanceControl::put(const std::vector<Packet>& rows, Answered answered) {
    queue_.add(rows, std::move(answered));
}

void InstanceControl::write(const Asked& asked, std::vector<Packet> rows) {
    if (isReadOnly()) {
        asked.answered(settings_->options.isReadOnly ? failures::readOnly() : failures::orphan());
        return;
    }
    const auto open = transactions_.find(asked.session);
    if (open == transactions_.end()) {
        put(rows, asked.answered);
        return;
    }
    RowWork& work = open->second.picture->work;
    work.settle();
    const RowWork::Mark before = work.mark();
    BoxAnswer last = noResults();
    for (Packet& row : rows) {
        RowWork::Rewritten rewritten;
        const auto done = work.run(row.header.type, row.body, rewritten);
        const auto* failure = done ? std::get_if<BoxFailure>(&done.value()) : nullptr;
        if (!done || failure != nullptr) {
            work.takeBack(before);
            asked.answered(done ? *failure : troubleOf(done.error()));
            return;
        }
        // What triggers make of it they make again when it is committed.
        if (!rewritten.type && !rewritten.body.empty()) row.body = std::move(rewritten.body);
        const TuplePtr& tuple = std::get<TuplePtr>(done.value());
        last = tuple == nullptr ? noResults() : oneResult(tuple->bytes());
    }
    for (Packet& row : rows) open->second.rows.push_back(std::move(row));
    asked.answered(std::move(last));
}

void InstanceControl::write(std::uint64_t session, Packet row, Answered answered) {
    if (!isReady_) {
        answered(failures::loading());
        return;
    }
    std::vector<Packet> rows;
    rows.push_back(std::move(row));
    write(Asked{session, {}, inOwnWords(std::move(answered))}, std::move(rows));
}

void InstanceControl::read(const Asked& asked, const std::function<Result<BoxAnswer>(RowWork&)>& look) {
    const auto open = transactions_.find(asked.session);
    std::unique_ptr<Picture> own;
    if (open == transactions_.end()) {
        auto seen = picture();
        if (!seen) {
            asked.answered(troubleOf(seen.error()));
            return;
        }
        own = std::move(seen).value();
    }
    auto answer = look(own != nullptr ? own->work : open->second.picture->work);
    asked.answered(answer ? std::move(answer).value() : BoxAnswer(troubleOf(answer.error())));
}

bool InstanceControl::lookFirst(const Asked& asked, const std::function<Result<BoxAnswer>(RowWork&)>& look) {
    bool seen = true;
    read({asked.session, asked.arguments,
          [&](const BoxAnswer& answer) {
              seen = !std::holds_alternative<BoxFailure>(answer);
              if (!seen) asked.answered(answer);
          }},
         look);
    return seen;
}

void InstanceControl::beginTransaction(const Asked& asked) {
    if (transactions_.contains(asked.session)) {
        asked.answered(failures::activeTransaction());
        return;
    }
    auto seen = picture();
    if (!seen || transactions_.size() >= kTransactionsMax) {
        asked.answered(seen ? BoxFailure{1, "too many transactions are open", {}} : troubleOf(seen.error()));
        return;
    }
    transactions_[asked.session].picture = std::move(seen).value();
    if (settings_->triggers == nullptr || settings_->triggers->isEmpty()) {
        asked.answered(noResults());
        return;
    }
    // Statements may answer what they were not given: a script has to wait for them.
    Bytes out;
    MsgpackWriter(out).boolean(true);
    asked.answered(oneResult(BytesView(out)));
}

void InstanceControl::commit(const Asked& asked) {
    auto open = transactions_.extract(asked.session);
    if (open.empty() || open.mapped().rows.empty()) {
        asked.answered(noResults());
        return;
    }
    if (isReadOnly()) {  // since it was begun
        asked.answered(settings_->options.isReadOnly ? failures::readOnly() : failures::orphan());
        return;
    }
    put(open.mapped().rows, asked.answered);
}

void InstanceControl::rollback(const Asked& asked) {
    transactions_.erase(asked.session);
    asked.answered(noResults());
}

bool InstanceControl::endCalls(std::uint64_t session) {
    return transactions_.erase(session) > 0;
}

void InstanceControl::sessionEnded(std::uint64_t session) {
    transactions_.erase(session);
}

void InstanceControl::inTransaction(const Asked& asked) {
    Bytes out;
    MsgpackWriter(out).boolean(transactions_.contains(asked.session));
    asked.answered(oneResult(BytesView(out)));
}

InstanceControl::Answered InstanceControl::inOwnWords(Answered answered) const {
    if (settings_->era == Era::V3_0) return answered;
    return [era = settings_->era, answered = std::move(answered)](BoxAnswer answer) {
        if (auto* failure = std::get_if<BoxFailure>(&answer)) {
            failure->message = inWordsOf(era, std::move(failure->message));
        }
        answered(std::move(answer));
    };
}

void InstanceControl::call(std::uint64_t session, std::string_view method, BytesView encoded, Answered answered) {
    const Handler handler = handlerOf(method);
    const auto arguments = splitArguments(encoded);
    if (handler == nullptr || !arguments) {
        answered(failures::illegalParameters("there is no such call"));
        return;
    }
    const bool isAlways =
        method == "info" || method == "cfg" || method == "config" || method == "rollback" || method == "set_cfg";
    if (!isReady_ && !isAlways) {
        answered(failures::loading());
        return;
    }
    (this->*handler)(Asked{session, *arguments, inOwnWords(std::move(answered))});
}

}  // namespace tributary::engine::tarantool
