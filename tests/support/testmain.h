// One executable per folder, one Qt Test class per source file: classes register themselves, main runs all.
#pragma once

#include <QCoreApplication>
#include <QTest>
#include <functional>
#include <memory>
#include <vector>

namespace tributary::test {

using Factory = std::function<std::unique_ptr<QObject>()>;

/// The classes of this executable, in the order of registration.
inline std::vector<Factory>& factories() {
    static std::vector<Factory> all;
    return all;
}

struct Registration {
    explicit Registration(Factory factory) { factories().push_back(std::move(factory)); }
};

}  // namespace tributary::test

/// Registers a QObject test class: put it once after the class.
#define TRIBUTARY_TEST(Class) \
    static const ::tributary::test::Registration kRegistered##Class([] { return std::unique_ptr<QObject>(new Class); });

/// Fails with the error's text when a Result is not ok.
#define QVERIFY_OK(result)                                                                                     \
    do {                                                                                                       \
        const auto& tributaryChecked = (result);                                                               \
        QVERIFY2(tributaryChecked.ok(), tributaryChecked.ok() ? "" : tributaryChecked.error().full().c_str()); \
    } while (false)
