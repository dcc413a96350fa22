// The door of an instance: connections of clients, by IPROTO.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "engine/seams/seams.h"
#include "engine/systems/tarantool/door/doorcalls.h"
#include "engine/systems/tarantool/door/doorreplicas.h"
#include "engine/systems/tarantool/iproto/replication.h"

namespace tributary::engine::tarantool {

/// What the door opens to.
class DoorBox {
public:
    virtual ~DoorBox() = default;
    using Answered = std::function<void(BoxAnswer)>;

    /// As InstanceControl::call.
    virtual void call(std::uint64_t session, std::string_view method, BytesView arguments, Answered answered) = 0;
    /// One row, of an insert or a replace, for a session.
    virtual void write(std::uint64_t session, Packet row, Answered answered) = 0;
    /// Ends a session of calls. Whether a transaction was open in it, which is rolled back.
    virtual bool endCalls(std::uint64_t session) = 0;
    /// Runs `use` on the state as it is published. Errors: of `use`, and of the state.
    virtual Status look(const std::function<Status(RowWork&)>& use) = 0;
    [[nodiscard]] virtual Ballot ballot() const = 0;
    /// Grows with every change of spaces, users and rights.
    [[nodiscard]] virtual std::uint64_t schemaVersion() const = 0;
};

/// Greets, proves users, and carries requests out in the order in which they came. Executor's thread only. Destroying
/// it ends all sessions; answers still to come are dropped.
class IprotoDoor final : private DoorLines {
public:
    /// Over it the one goes that has proved nobody and was silent for longest; where all have, nobody new comes in.
    static constexpr std::size_t kSessionsMax = 1'000;
    static constexpr std::size_t kPendingMax = 1'024;                 ///< requests at work in a session
    static constexpr std::size_t kPacketBytesMaxBefore = 16U << 10U;  ///< of a client that has proved nobody
    static constexpr std::size_t kPacketBytesMax = 16U << 20U;
    static constexpr std::size_t kQueuedBytesMax = 4U << 20U;  ///< of answers; reading waits above
    static constexpr std::size_t kHeldBytesMax = 64U << 10U;   ///< of what a session sends that is to wait for a join
    static constexpr std::uint64_t kFirstSession = std::uint64_t{1} << 63U;  ///< above those of the control door
    static constexpr std::uint64_t kFirstScript = std::uint64_t{3} << 62U;   ///< each script is a session of its own

    /// `box` and `replicas` outlive it, `scripts` too when there are any: without, EVAL and CALL are refused.
    IprotoDoor(Seams& seams, DoorBox& box, DoorReplicas& replicas, DoorScripts* scripts, const Uuid& instance,
               std::string version);
    ~IprotoDoor() override;
    IprotoDoor(const IprotoDoor&) = delete;
    IprotoDoor& operator=(const IprotoDoor&) = delete;

    /// `listen` is "host:port"; another address than before is opened first, and sessions go on. Errors: InvalidInput
    /// when it is not, or no address that this version listens on; Conflict when it is in use.
    Status open(const std::string& listen);
    /// Nobody new comes in; sessions go on.
    void shut() { listener_.reset(); }
    /// Where it is open; nothing when it is shut.
    [[nodiscard]] std::optional<Endpoint> endpoint() const {
        return listener_ == nullptr ? std::nullopt : std::optional(listener_->endpoint());
    }
    [[nodiscard]] std::size_t sessions() const { return sessions_.size(); }

private:
    enum class Mode {
        Requests,  ///< they are taken
        Waits,     ///< a join or its like is at work, and nothing is taken before it is done
        Follows    ///< a replica: all that comes are its acknowledgements
    };
    struct Session {
        Mode mode = Mode::Requests;
        std::unique_ptr<Connection> connection;
        PacketStream stream;
        Bytes out;  ///< answers that are sent together, in the next turn
        bool isFlushPosted = false;
        Bytes salt;
        DoorUser user;
        std::size_t pending = 0;
        bool isPaused = false;
        Micros heardUs = 0;                                ///< when its last bytes came, by the monotonic clock
        std::set<std::pair<std::uint32_t, bool>> allowed;  ///< space, write: looked up already
        std::uint64_t allowedAt = 0;                       ///< schemaVersion() of `allowed`
    };

    /// Of whom a script runs for.
    struct ScriptRights {
        DoorUser user;
        std::set<std::pair<std::string, std::uint32_t>> allowed;  ///< method, space: looked up already
        std::uint64_t allowedAt = 0;                              ///< schemaVersion() of `allowed`
    };

    void accept(std::unique_ptr<Connection> connection);
    /// Whether there is room for one more.
    bool makeRoom();
    void drain(std::uint64_t id);
    void take(std::uint64_t id, const Packet& packet);
    void serveReplica(std::uint64_t id, const Packet& packet);
    void prove(std::uint64_t id, const Packet& packet);
    void carryOut(std::uint64_t id, const Packet& packet);
    void runScript(std::uint64_t id, const Packet& packet);
    void callOfScript(std::uint64_t script, ScriptRights& rights, std::string_view method, BytesView arguments,
                      DoorBox::Answered answered);
    [[nodiscard]] BoxAnswer outcomeOfScript(std::uint64_t script, BoxAnswer answer);
    /// Why the session's user may not.
    Result<std::optional<BoxFailure>> refusal(Session& session, const DoorCall& call);
    void answer(std::uint64_t id, std::uint64_t sync, const BoxAnswer& answer);
    void flushSoon(std::uint64_t id);
    static void flush(Session& session);
    void send(std::uint64_t id, Bytes bytes) override;
    void refuse(std::uint64_t id, std::uint64_t sync, const BoxFailure& failure) override;
    [[nodiscard]] std::size_t queuedBytes(std::uint64_t id) const override;
    [[nodiscard]] std::optional<SocketNames> names(std::uint64_t id) const override;
    void served(std::uint64_t id) override;
    void follows(std::uint64_t id) override;
    void drainSoon(std::uint64_t id);
    void goOn(std::uint64_t id);
    void end(std::uint64_t id) override;
    void forget(std::uint64_t id);
    /// The connection is gone, or has sent what is no packet.
    void lose(std::uint64_t id);

    Seams& seams_;
    DoorBox& box_;
    DoorReplicas& replicas_;
    DoorScripts* scripts_;
    Uuid instance_;
    std::string version_;
    std::unique_ptr<Listener> listener_;
    std::map<std::uint64_t, Session> sessions_;
    std::uint64_t next_ = kFirstSession;
    std::uint64_t nextScript_ = kFirstScript;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine::tarantool
