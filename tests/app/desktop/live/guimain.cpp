// Runs every registered class under a QApplication: widgets need one.
#include <QApplication>
#include <cstdio>

#include "testmain.h"

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    int failed = 0;
    for (const auto& factory : tributary::test::factories()) {
        const auto object = factory();
        failed += QTest::qExec(object.get(), argc, argv);
    }
    return failed == 0 && !tributary::test::factories().empty() ? 0 : 1;
}
