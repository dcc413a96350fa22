// The state of an instance as it was at one moment, under statements; private to the instance's control.
#pragma once

#include "engine/systems/tarantool/instance/instancecontrol.h"

namespace tributary::engine::tarantool {

/// What is published, as a decision would see it.
class PublishedView final : public PendingView {
public:
    explicit PublishedView(std::unique_ptr<StateView> view) : view_(std::move(view)) {}
    Result<std::optional<Bytes>> get(BytesView key) override { return view_->get(key); }
    Status scan(BytesView from, BytesView to, const Visit& visit) override;
    [[nodiscard]] std::size_t bytesLeft() const override { return SIZE_MAX; }
    [[nodiscard]] StateView& state() { return *view_; }

private:
    std::unique_ptr<StateView> view_;
};

struct InstanceControl::Picture {
    Picture(std::unique_ptr<StateView> state, const std::string& self, SpaceCache* known, RowTriggers* triggers)
        : view(std::move(state)), work(view, self, known, triggers) {}
    PublishedView view;
    RowWork work;
};

}  // namespace tributary::engine::tarantool
