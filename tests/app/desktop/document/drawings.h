// A workspace with the example's drawing, for tests of the document and the window.
#pragma once

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "app/desktop/document/drawingeditor.h"
#include "core/workspace/workspace.h"

namespace tributary::test {

inline const std::string kSf = "/mapr/sanfrancisco/customers";
inline const std::string kNy = "/mapr/newyork/customers";

/// A folder with a space in its name that holds the multi-master example.
class ExampleFolder {
public:
    explicit ExampleFolder(const std::string& example = "multi-master") {
        valid_ = dir_.isValid() && createExample(example, path()).ok();
    }
    [[nodiscard]] bool isValid() const { return valid_; }
    [[nodiscard]] std::string path() const { return dir_.path().toStdString() + "/work space"; }
    [[nodiscard]] std::string fileText(const char* name = "topology.yaml") const {
        QFile file(QString::fromStdString(path() + "/" + name));
        return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
    }
    bool writeFile(const std::string& text, const char* name = "topology.yaml") const {
        QFile file(QString::fromStdString(path() + "/" + name));
        return file.open(QIODevice::WriteOnly | QIODevice::Truncate) &&
               file.write(QByteArray::fromStdString(text)) == static_cast<qint64>(text.size());
    }

private:
    QTemporaryDir dir_;
    bool valid_ = false;
};

}  // namespace tributary::test
