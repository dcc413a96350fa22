// Names inside a backup (app/care/README.md has the format).
#pragma once

namespace tributary::app {

inline constexpr const char* kBackupSuffix = ".backup.tar.zst";
inline constexpr const char* kBackupHead = "TRIBUTARY-BACKUP";   ///< first: format, version, time
inline constexpr const char* kBackupManifest = "MANIFEST.json";  ///< last: sizes and checksums
inline constexpr const char* kBackupFolder = "workspace/";       ///< everything between

}  // namespace tributary::app
