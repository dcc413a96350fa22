// Deciding toys a second time, written apart from their policy.
#include "tests/toy/toymodel.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::toy {

using namespace engine;
using simtest::ShownRow;
using simtest::SimWrite;
using simtest::TakenEntry;

namespace {

std::string imageOf(const std::map<std::string, std::string>& rows, const std::string& key) {
    const auto at = rows.find(key);
    return at == rows.end() ? std::string() : at->second;
}

bool isLocal(const std::string& key) {
    return key.starts_with("l/");
}

}  // namespace

std::string keyOf(const ToyOrder& order) {
    switch (order.order) {
        case Order::Add: return "a/" + order.account;
        case Order::Name:
        case Order::Unname: return "n/" + order.text;
        case Order::Note: return "l/" + order.account;
        case Order::Close: break;
        case Order::Poison: break;
    }
    return "poison";
}

ToyModel::Due ToyModel::decide(const Rows& rows, const std::vector<ToyOrder>& orders) {
    Due due;
    for (const ToyOrder& order : orders) {
        const std::string key = keyOf(order);
        const auto changed = due.changed.find(key);
        const std::string now = changed == due.changed.end() ? imageOf(rows, key) : changed->second;
        if (order.order == Order::Add) {
            const long sum = (now.empty() ? 0 : std::stol(now)) + std::stol(order.text);
            if (sum < 0) return {Verdict::Skip, {}};
            due.changed[key] = std::to_string(sum);
        }
        if (order.order == Order::Name) {
            if (!now.empty() && now != order.account) return {Verdict::Stop, {}};
            due.changed[key] = order.account;
        }
        if (order.order == Order::Close) {
            Rows all = rows;
            for (const auto& [name, holder] : due.changed) all[name] = holder;
            for (const auto& [name, holder] : all) {
                if (name.starts_with("n/") && holder == order.account) due.changed[name].clear();
            }
        }
        if (order.order == Order::Unname && now == order.account) due.changed[key].clear();
    }
    return due;
}

void ToyModel::check(const TakenEntry& taken, const Due& due, const Rows& effect) {
    const auto say = [&](const std::string& oracle, const std::string& what) {
        violate_(fmt::format("{}: sequence {} of {} in {}: {}", oracle, taken.view.sequence, taken.view.origin.text(),
                             taken.record.path, what));
    };
    if (taken.local && taken.verdict != Verdict::Apply) say("decided", "a client's write was not applied");
    if (due.verdict != taken.verdict && !(taken.local && due.verdict == Verdict::Skip)) {
        say("decided", fmt::format("it was logged with verdict {}, and {} is due", static_cast<int>(taken.verdict),
                                   static_cast<int>(due.verdict)));
    }
    if (taken.local && due.verdict == Verdict::Skip) say("below-zero", "a client drew more than there is");
    Rows shared;
    for (const auto& [key, image] : effect) {
        if (!isLocal(key)) shared.emplace(key, image);
        if (isLocal(key) && !taken.local) say("local", "it brought the remark " + key);
        if (key.starts_with("a/") && image.starts_with("-")) say("below-zero", key + " is " + image);
    }
    if (shared == due.changed) return;
    const auto [is, want] = std::mismatch(shared.begin(), shared.end(), due.changed.begin(), due.changed.end());
    say("decided",
        fmt::format("it makes {} where {} is due", is == shared.end() ? "nothing" : is->first + " = " + is->second,
                    want == due.changed.end() ? "nothing" : want->first + " = " + want->second));
}

std::vector<int> ToyModel::take(const TakenEntry& taken) {
    Books& books = books_[taken.record.id];
    const std::vector<ToyOrder> orders = decodeOrders(taken.view.body);
    Rows effect;
    ByteReader reader(taken.effect);
    while (!reader.atEnd() && reader.ok()) {
        std::string key(reader.blob());
        effect[std::move(key)] = std::string(reader.blob());
    }
    std::vector<int> ops;
    for (const ToyOrder& order : orders) {
        if (order.order == Order::Note) violate_("local: a remark was logged as something to forward");
        if (order.order == Order::Add) ops.push_back(simtest::opOf(order.account));
        if (taken.verdict == Verdict::Skip) books.passedOver.insert(keyOf(order));
    }
    check(taken, decide(books.rows, orders), effect);
    for (const auto& [key, image] : effect) {
        if (image.empty()) {
            books.rows.erase(key);
        } else {
            books.rows[key] = image;
        }
    }
    return ops;
}

void ToyModel::takeChunk(const DatasetRecord& record, BytesView chunk, bool first) {
    Books& books = books_[record.id];
    if (first) books.arriving.clear();
    ByteReader reader(chunk);
    while (!reader.atEnd() && reader.ok()) {
        std::string key(reader.blob());
        if (isLocal(key)) violate_("local: a cut brought the remark " + key);
        books.arriving[std::move(key)] = std::string(reader.blob());
    }
}

void ToyModel::takeCut(const DatasetRecord& record) {
    Books& books = books_[record.id];
    std::erase_if(books.rows, [](const auto& row) { return !isLocal(row.first); });
    for (const auto& [key, image] : books.arriving) books.rows[key] = image;
    books.arriving.clear();
}

std::vector<ShownRow> ToyModel::shown(const DatasetRecord& record) const {
    std::vector<ShownRow> out;
    const auto at = books_.find(record.id);
    if (at == books_.end()) return out;
    for (const auto& [key, image] : at->second.rows) out.push_back({key, image});
    return out;
}

std::vector<ShownRow> ToyModel::shownEverywhere(const DatasetRecord& record) const {
    std::vector<ShownRow> out = shown(record);
    std::erase_if(out, [](const ShownRow& row) { return isLocal(row.key); });
    return out;
}

std::set<std::string> ToyModel::unlike(const DatasetRecord& record) const {
    const auto at = books_.find(record.id);
    return at == books_.end() ? std::set<std::string>() : at->second.passedOver;
}

/// The names that the payload wants and another account has are taken from it.
std::optional<SimWrite> ToyModel::makeRoom(const DatasetRecord& record, const PayloadView& view, int id) const {
    const auto at = books_.find(record.id);
    if (at == books_.end()) return std::nullopt;
    std::vector<ToyOrder> orders;
    for (const ToyOrder& order : decodeOrders(view.body)) {
        if (order.order != Order::Name) continue;
        const std::string holder = imageOf(at->second.rows, keyOf(order));
        if (!holder.empty() && holder != order.account) orders.push_back({Order::Unname, holder, order.text});
    }
    if (orders.empty()) return std::nullopt;
    const std::string what = fmt::format("make room for {}: {} loses its name", orders[0].text, orders[0].account);
    orders.push_back({Order::Add, fmt::format("o{}", id), "1"});
    return SimWrite{encodeOrders(orders), true, what};
}

}  // namespace tributary::toy
