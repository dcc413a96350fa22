// Bounded looks.
#include "app/adapters/impatientdirectory.h"
#include "engine/systems/maprdb/tables/tableapi.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace tributary::app {
namespace {

using engine::Method;

bool readsRows(Method method) {
    switch (method) {
        case engine::maprdb::TableMethod::Scan:
        case engine::maprdb::TableMethod::ReadRange:
        case engine::maprdb::TableMethod::Fingerprint: return true;
        default: return false;
    }
}

class ImpatientClient final : public engine::ControlClient {
public:
    ImpatientClient(std::shared_ptr<engine::ControlClient> inner, Millis patienceMs,
                    std::shared_ptr<std::map<std::string, Error>> silent)
        : inner_(std::move(inner)), patienceMs_(patienceMs), silent_(std::move(silent)) {}

    Result<Bytes> call(Method method, BytesView body, Millis timeoutMs) override {
        if (const auto known = silent_->find(cluster()); known != silent_->end()) return known->second;
        const Millis limitMs = readsRows(method) ? timeoutMs : std::min(timeoutMs, patienceMs_);
        auto answer = inner_->call(method, body, limitMs);
        if (!answer && answer.error().code == ErrorCode::Timeout && !readsRows(method)) {
            silent_->emplace(cluster(), answer.error());
        }
        return answer;
    }
    Status send(Method method, BytesView body) override { return inner_->send(method, body); }
    Result<Bytes> receive(Millis timeoutMs) override { return inner_->receive(timeoutMs); }
    [[nodiscard]] const std::string& cluster() const override { return inner_->cluster(); }

private:
    std::shared_ptr<engine::ControlClient> inner_;
    Millis patienceMs_;
    std::shared_ptr<std::map<std::string, Error>> silent_;
};

}  // namespace

ImpatientDirectory::ImpatientDirectory(engine::ClusterDirectory& inner, Millis patienceMs)
    : inner_(inner), patienceMs_(patienceMs), silent_(std::make_shared<std::map<std::string, Error>>()) {}

void ImpatientDirectory::giveUp(const std::string& cluster, const Error& why) {
    silent_->emplace(cluster, why);
}

Result<std::shared_ptr<engine::ControlClient>> ImpatientDirectory::client(const std::string& cluster) {
    if (const auto known = silent_->find(cluster); known != silent_->end()) return known->second;
    auto inner = inner_.client(cluster);
    if (!inner) {
        const bool noAnswer = inner.error().code == ErrorCode::Timeout || inner.error().code == ErrorCode::Unavailable;
        if (noAnswer) silent_->emplace(cluster, inner.error());
        return inner.error();
    }
    return std::shared_ptr<engine::ControlClient>(
        std::make_shared<ImpatientClient>(std::move(inner).value(), patienceMs_, silent_));
}

std::map<std::string, Error> findSilent(const std::vector<std::string>& clusters,
                                        const std::function<Status(const std::string& cluster)>& probe) {
    std::vector<Status> answers(clusters.size(), okStatus());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        threads.emplace_back([&, i] { answers[i] = probe(clusters[i]); });
    }
    for (std::thread& thread : threads) thread.join();
    std::map<std::string, Error> out;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        if (!answers[i]) out.emplace(clusters[i], answers[i].error());
    }
    return out;
}

}  // namespace tributary::app
