// Files in memory, as far as the tools of tables write any.
#pragma once

#include <map>
#include <set>

#include "engine/seams/fileops.h"

namespace tributary::test {

class MemoryFiles final : public engine::FileOps {
public:
    std::map<std::string, Bytes> contents;
    std::set<std::string> dirs;

    Result<std::unique_ptr<engine::File>> open(const std::string& path, Open how) override {
        if (how == Open::CreateNew && contents.contains(path)) {
            return Error{ErrorCode::AlreadyExists, path + " exists", {}, {}};
        }
        return std::unique_ptr<engine::File>(new OpenFile(contents[path]));
    }
    Result<Bytes> readAll(const std::string& path) override { return contents.at(path); }
    Status replace(const std::string& path, BytesView data, bool secret) override {
        (void)secret;
        contents[path] = Bytes(data);
        return okStatus();
    }
    Status rename(const std::string& from, const std::string& to) override {
        contents[to] = contents.at(from);
        contents.erase(from);
        return okStatus();
    }
    Status remove(const std::string& path) override {
        contents.erase(path);
        return okStatus();
    }
    Status makeDirs(const std::string& path) override {
        dirs.insert(path);
        return okStatus();
    }
    Status removeTree(const std::string& path) override {
        dirs.erase(path);
        return okStatus();
    }
    Status syncDir(const std::string& path) override {
        (void)path;
        return okStatus();
    }
    bool exists(const std::string& path) override { return contents.contains(path) || dirs.contains(path); }
    Result<std::vector<std::string>> list(const std::string& path) override {
        return Error{ErrorCode::Unsupported, "no listing of " + path, {}, {}};
    }
    Result<std::uint64_t> freeBytes(const std::string& path) override {
        (void)path;
        return std::uint64_t{1} << 40U;
    }
    Result<std::unique_ptr<engine::FileLock>> lock(const std::string& path) override {
        return Error{ErrorCode::Unsupported, "no lock of " + path, {}, {}};
    }

private:
    class OpenFile final : public engine::File {
    public:
        explicit OpenFile(Bytes& data) : data_(data) {}
        Status write(std::uint64_t offset, BytesView data) override {
            data_.resize(std::max<std::size_t>(data_.size(), offset + data.size()));
            data_.replace(offset, data.size(), data);
            return okStatus();
        }
        Status writeGathered(std::uint64_t offset, const std::vector<BytesView>& pieces) override {
            for (const BytesView piece : pieces) {
                if (Status status = write(offset, piece); !status) return status;
                offset += piece.size();
            }
            return okStatus();
        }
        Result<Bytes> read(std::uint64_t offset, std::size_t size) override { return data_.substr(offset, size); }
        Result<std::uint64_t> size() override { return std::uint64_t{data_.size()}; }
        Status truncate(std::uint64_t size) override {
            data_.resize(size);
            return okStatus();
        }
        Status sync() override { return okStatus(); }

    private:
        Bytes& data_;
    };
};

}  // namespace tributary::test
