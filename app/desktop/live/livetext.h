// Between the product's UTF-8 texts and the widgets' QStrings.
#pragma once

#include <QString>
#include <string>

#include "core/base/result.h"

namespace tributary::desktop {

[[nodiscard]] inline QString toQt(const std::string& text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}
[[nodiscard]] inline QString toQt(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}
[[nodiscard]] inline std::string toStd(const QString& text) {
    return text.toStdString();
}

}  // namespace tributary::desktop
