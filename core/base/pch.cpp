// Carries the precompiled header that the Qt-free libraries share.
