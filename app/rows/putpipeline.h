// Rows into one table as fast as one connection takes them: batches built in place, several in flight.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "engine/node/controlclient.h"
#include "engine/systems/maprdb/tables/mutation.h"

namespace tributary::app {

/// The body of a Put request: `mutations` for the table at `path`, naming `families` by index.
[[nodiscard]] Bytes putBody(const std::string& path, const std::vector<std::string>& families, BytesView mutations);

struct PipelineOptions {
    std::string path;                   ///< full
    std::vector<std::string> families;  ///< cells name them by index
    std::size_t batchRows = 1000;
    std::size_t inFlightMax = 8;
    Millis retryForMs = 60'000;  ///< how long a batch that is refused for want of memory is sent again
};

/// Build a row through builder(), then call rowDone(). One thread. A batch that the cluster refuses because too many
/// writes wait for memory is sent again; any other error ends the pipeline, with the rows acknowledged so far in
/// rowsAcked().
class PutPipeline {
public:
    PutPipeline(engine::ControlClient& client, PipelineOptions options);
    PutPipeline(const PutPipeline&) = delete;
    PutPipeline& operator=(const PutPipeline&) = delete;

    [[nodiscard]] engine::maprdb::MutationBuilder& builder() { return builder_; }
    /// Sends when the batch is full; waits for the oldest one in flight when there are too many.
    Status rowDone();
    /// Sends what is left and waits for everything. After an error: that error again, once the answers that can still
    /// come have come.
    Status finish();
    [[nodiscard]] std::uint64_t rowsAcked() const { return rowsAcked_; }
    /// Rows that the cluster answered with no (a permission, a name, a limit): none of them is there.
    [[nodiscard]] std::uint64_t rowsRefused() const { return rowsRefused_; }
    /// Rows that were sent and never answered with yes or no: after an error they may be there or not.
    [[nodiscard]] std::uint64_t rowsInDoubt() const;

private:
    struct Batch {
        Bytes body;
        std::size_t rows = 0;
    };
    Status flush();
    Status sendBatch(BytesView mutations, std::size_t rows);
    Status receiveOldest();
    Status retry(const Batch& batch, const Error& refused);
    /// After the first error: takes the answers to what is still under way, as long as the connection gives any.
    void drain();

    engine::ControlClient& client_;
    PipelineOptions options_;
    Bytes mutations_;
    engine::maprdb::MutationBuilder builder_;
    std::size_t rows_ = 0;
    std::size_t rowAt_ = 0;  ///< where the last row begins in the mutations
    std::deque<Batch> inFlight_;
    std::uint64_t rowsAcked_ = 0;
    std::uint64_t rowsRefused_ = 0;
    std::uint64_t rowsUnanswered_ = 0;  ///< of batches that are not in flight any more
    Status failed_;  ///< the first error of the connection or the cluster: the pipeline is of no more use
};

}  // namespace tributary::app
