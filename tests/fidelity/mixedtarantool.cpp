// A replica set of which a part are processes of this program and the others of the installed Tarantool.
#include <QCoreApplication>
#include <QDeadlineTimer>

#include "instances.h"

using namespace Qt::StringLiterals;

namespace tributary::test {
namespace {

constexpr int kMixedStartMs = 60'000;
constexpr int kMixedLookMs = 20;

class MixedTarantool final : public Instances {
public:
    MixedTarantool(std::unique_ptr<Instances> real, const QStringList& names) : real_(std::move(real)), names_(names) {
        for (const QString& name : {u"i1"_s, u"i2"_s, u"i3"_s}) {
            Instances& other = names_.contains(name) ? *real_ : *ours_;
            other.setPort(name, owner(name).portOf(name));
        }
    }

    QString version() const override { return real_->version(); }
    QString start(const std::vector<InstancePlan>& plans) override {
        if (const QString problem = launch(plans); !problem.isEmpty()) return problem;
        for (const InstancePlan& plan : plans) {
            const QDeadlineTimer deadline(kMixedStartMs);
            QString answer;
            QString problem;
            do {
                problem = ask(plan.name, u"box.info.status"_s, answer);
                if (problem.isEmpty() && answer.contains(u"running")) break;
                if (deadline.hasExpired()) return plan.name + u" does not run: "_s + problem + answer;
                pause(kMixedLookMs);
            } while (true);
        }
        return {};
    }
    QString launch(const std::vector<InstancePlan>& plans) override {
        // Those of this program last: they are asked once they are launched.
        for (const bool isOurs : {false, true}) {
            for (const InstancePlan& plan : plans) {
                if (names_.contains(plan.name) != isOurs) continue;
                if (const QString problem = owner(plan.name).launch({plan}); !problem.isEmpty()) return problem;
            }
        }
        return {};
    }
    QString stop(const QString& name) override { return owner(name).stop(name); }
    QString kill(const QString& name) override { return owner(name).kill(name); }
    QString freeze(const QString& name, bool frozen) override { return owner(name).freeze(name, frozen); }
    QString exitOf(const QString& name, int& code) override { return owner(name).exitOf(name, code); }
    QString wipe(const QString& name, const QStringList& patterns) override { return owner(name).wipe(name, patterns); }
    QString ask(const QString& name, const QString& statement, QString& answer) override {
        return owner(name).ask(name, statement, answer);
    }
    QStringList logLines(const QString& name, const QString& text) override { return owner(name).logLines(name, text); }
    void pause(int ms) override { ours_->pause(ms); }
    quint16 portOf(const QString& name) override { return owner(name).portOf(name); }
    void setPort(const QString& name, quint16 port) override { owner(name).setPort(name, port); }

private:
    Instances& owner(const QString& name) { return names_.contains(name) ? *ours_ : *real_; }

    std::unique_ptr<Instances> real_;
    std::unique_ptr<Instances> ours_ = ourTarantool();
    QStringList names_;
};

}  // namespace

std::unique_ptr<Instances> mixedTarantool(const QStringList& names) {
    auto real = realTarantool();
    return real == nullptr ? nullptr : std::make_unique<MixedTarantool>(std::move(real), names);
}

}  // namespace tributary::test
