// Which state files of a process are open: those that nobody has used for longest close when there are too many.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>

namespace tributary::engine {

class StateFile;

/// The open state files of a process, in the order of their last use. Thread-safe; must outlive nothing: files hold it.
///
/// A file in use stays open, so that more than `most` are open while more than `most` are in use at once.
class OpenFiles {
public:
    explicit OpenFiles(std::size_t most) : most_(most) {}
    OpenFiles(const OpenFiles&) = delete;
    OpenFiles& operator=(const OpenFiles&) = delete;

    /// `file` was opened, or is used again. Called with nothing locked but the file itself.
    void used(const std::shared_ptr<StateFile>& file);
    /// `file` was closed, or ends.
    void closed(const StateFile* file);
    /// Closes what is too much. With nothing locked; may write and sync (what a file's log holds is brought over).
    void trim() { (void)closeDownTo(most_); }
    /// Closes everything that nobody uses: descriptors are short. @return how many were closed
    std::size_t closeIdle() { return closeDownTo(0); }
    [[nodiscard]] std::size_t openCount() const;
    [[nodiscard]] std::size_t most() const { return most_; }

private:
    std::size_t closeDownTo(std::size_t most);
    std::shared_ptr<StateFile> victim(std::size_t most, const std::set<const StateFile*>& spared);

    const std::size_t most_;
    mutable std::mutex mutex_;
    std::list<std::weak_ptr<StateFile>> recency_;  ///< the longest unused first
    std::map<const StateFile*, std::list<std::weak_ptr<StateFile>>::iterator> places_;
};

}  // namespace tributary::engine
