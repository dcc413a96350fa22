// Instances that a scenario starts, stops and asks: the port behind which every engine is held against the captures.
#pragma once

#include <QString>
#include <QStringList>

#include <memory>

namespace tributary::test {

/// How an instance is started.
struct InstancePlan {
    QString name;          ///< i1, i2, i3: sets its uuid
    QStringList peers;     ///< names, itself among them
    QStringList settings;  ///< "mode=ro", "quorum=2", ... as instance.lua takes them
};

/// A replica set's instances, each a process of its own on loopback, in a folder that is removed. Errors are texts,
/// empty = done. All waits are bounded.
class Instances {
public:
    virtual ~Instances() = default;
    /// "2.6.0": the folder of captures.
    [[nodiscard]] virtual QString version() const = 0;
    /// Starts all of them side by side (a new replica set needs that) and returns when each answers and runs.
    virtual QString start(const std::vector<InstancePlan>& plans) = 0;
    /// The same, without waiting for an answer: what does not come up belongs to the scenario.
    virtual QString launch(const std::vector<InstancePlan>& plans) = 0;
    virtual QString stop(const QString& name) = 0;  ///< SIGTERM, until it has ended
    virtual QString kill(const QString& name) = 0;  ///< SIGKILL
    virtual QString freeze(const QString& name, bool frozen) = 0;
    /// Waits for an instance to end by itself; its exit code.
    virtual QString exitOf(const QString& name, int& code) = 0;
    /// Deletes files of its folder: "*.xlog".
    virtual QString wipe(const QString& name, const QStringList& patterns) = 0;
    /// Evaluates on its console. What cannot be asked is an error.
    virtual QString ask(const QString& name, const QString& statement, QString& answer) = 0;
    /// Lines of its log that hold `text`.
    virtual QStringList logLines(const QString& name, const QString& text) = 0;
    /// Lets a little time pass for the instances: the real ones have a clock of their own.
    virtual void pause(int ms) = 0;
    [[nodiscard]] virtual quint16 portOf(const QString& name) = 0;
    /// The instance is somebody else's, and listens there.
    virtual void setPort(const QString& name, quint16 port) = 0;
};

/// A real Tarantool, or nullptr where none is installed.
[[nodiscard]] std::unique_ptr<Instances> realTarantool();

/// This program, as the era 2.6, or nullptr where it is not built.
[[nodiscard]] std::unique_ptr<Instances> ourTarantool();

/// A replica set of both: those of `names` are of this program, the others real. Nullptr where none is installed.
[[nodiscard]] std::unique_ptr<Instances> mixedTarantool(const QStringList& names);

}  // namespace tributary::test
