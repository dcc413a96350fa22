// How much the fuzzers of this folder do, and bytes written as people read them.
#pragma once

#include <QByteArray>
#include <QtGlobal>

#include "core/base/bytes.h"

namespace tributary::test {

/// `usual` inputs in the gate; TRIBUTARY_FUZZ times as many where that is set (label long).
inline int fuzzRounds(int usual) {
    const int times = qEnvironmentVariableIntValue("TRIBUTARY_FUZZ");
    return usual * (times > 0 ? times : 1);
}

/// "ce 00 00" to bytes.
inline Bytes fromHex(const char* text) {
    return QByteArray::fromHex(text).toStdString();
}

inline QByteArray toHex(BytesView bytes) {
    return QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())).toHex();
}

}  // namespace tributary::test
