// The browsers of this folder; app/systems/browsers.cpp says which dataset is whose.
#pragma once

#include "app/systems/databrowser.h"

namespace tributary::app {

/// Streams: topics, partitions, messages, consumer groups.
[[nodiscard]] const DataBrowser& streamBrowser();
/// JSON tables: documents by their _id.
[[nodiscard]] const DataBrowser& documentBrowser();
/// Spaces: tuples of one instance, by the primary key.
[[nodiscard]] const DataBrowser& spaceBrowser();

}  // namespace tributary::app
