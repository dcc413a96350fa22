// Runs every registered class; arguments go to each (-functions, a function's name, -v2 ...).
#include "testmain.h"

#include <cstdio>

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    int failed = 0;
    for (const auto& factory : tributary::test::factories()) {
        const auto object = factory();
        failed += QTest::qExec(object.get(), argc, argv);
    }
    if (tributary::test::factories().empty()) {
        std::fputs("no test class is registered in this executable\n", stderr);
        return 1;
    }
    return failed == 0 ? 0 : 1;
}
