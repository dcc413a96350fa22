// Runs every registered class, or one with `-class NAME`, under a QApplication: widgets need one.
#include <QApplication>
#include <cstdio>
#include <cstring>
#include <string>

#include "testmain.h"

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    std::string only;
    if (argc > 2 && std::strcmp(argv[1], "-class") == 0) {
        only = argv[2];
        for (int i = 3; i < argc; ++i) argv[i - 2] = argv[i];
        argc -= 2;
    }
    int failed = 0;
    int ran = 0;
    for (const auto& factory : tributary::test::factories()) {
        const auto object = factory();
        if (!only.empty() && only != object->metaObject()->className()) continue;
        ++ran;
        failed += QTest::qExec(object.get(), argc, argv);
    }
    return failed == 0 && ran > 0 ? 0 : 1;
}
