// The order of use, and who has to close.
#include "engine/storage/openfiles.h"

#include "engine/storage/statefile.h"

namespace tributary::engine {

void OpenFiles::used(const std::shared_ptr<StateFile>& file) {
    const std::lock_guard lock(mutex_);
    const auto at = places_.find(file.get());
    if (at != places_.end()) {
        recency_.splice(recency_.end(), recency_, at->second);
        return;
    }
    places_[file.get()] = recency_.insert(recency_.end(), file);
}

void OpenFiles::closed(const StateFile* file) {
    const std::lock_guard lock(mutex_);
    const auto at = places_.find(file);
    if (at == places_.end()) return;
    recency_.erase(at->second);
    places_.erase(at);
}

std::size_t OpenFiles::openCount() const {
    const std::lock_guard lock(mutex_);
    return recency_.size();
}

/// The longest unused; one of the older half that closes without a write goes first.
std::shared_ptr<StateFile> OpenFiles::victim(std::size_t most, const std::set<const StateFile*>& spared) {
    // Released behind the lock: the last owner of a file has it forgotten here.
    std::vector<std::shared_ptr<StateFile>> looked;
    const std::lock_guard lock(mutex_);
    if (recency_.size() <= most) return nullptr;
    std::shared_ptr<StateFile> oldest;
    std::size_t seen = 0;
    for (const auto& weak : recency_) {
        if (++seen > recency_.size() / 2 && oldest != nullptr) break;
        auto file = weak.lock();
        if (file == nullptr) continue;
        looked.push_back(file);
        if (file->inUse() || spared.count(file.get()) != 0) continue;
        if (file->closesQuickly()) return file;
        if (oldest == nullptr) oldest = file;
    }
    return oldest;
}

std::size_t OpenFiles::closeDownTo(std::size_t most) {
    std::size_t count = 0;
    std::set<const StateFile*> spared;
    while (const auto file = victim(most, spared)) {
        if (file->closeIfIdle()) {
            ++count;
        } else {
            spared.insert(file.get());
        }
    }
    return count;
}

}  // namespace tributary::engine
