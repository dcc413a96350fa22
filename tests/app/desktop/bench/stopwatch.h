// Time on the wall and of this thread's own work, and how figures are told.
#pragma once

#include <QApplication>
#include <QElapsedTimer>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

namespace tributary::bench {

/// A busy machine lengthens the time on the wall; the work that was done stays the same.
struct Took {
    double wallMs = 0;
    double workMs = 0;
};

class Stopwatch {
public:
    Stopwatch() : workStart_(workNow()) { wall_.start(); }
    [[nodiscard]] Took took() const {
        return {static_cast<double>(wall_.nsecsElapsed()) / 1e6, workNow() - workStart_};
    }

private:
    static double workNow() {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
    }
    QElapsedTimer wall_;
    double workStart_;
};

/// Each figure by itself: the slowest on the wall need not be the one with the most work.
inline Took percentile(const std::vector<Took>& all, double share) {
    const auto of = [&](double Took::*figure) {
        std::vector<double> sorted;
        for (const Took& each : all) sorted.push_back(each.*figure);
        std::sort(sorted.begin(), sorted.end());
        return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
    };
    return {of(&Took::wallMs), of(&Took::workMs)};
}

inline void report(const char* what, Took took, double limitMs) {
    std::printf("%-58s %9.2f ms   (work %8.2f ms)   limit %6.0f ms   %s\n", what, took.wallMs, took.workMs, limitMs,
                took.wallMs <= limitMs ? "ok" : "OVER");
    std::fflush(stdout);
}

/// Paints what is due at once, as the event loop would next.
inline void paintNow() {
    QApplication::sendPostedEvents();
}

}  // namespace tributary::bench
