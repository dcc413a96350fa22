// Limits and the filter of system calls.
#include "app/scripts/restrictedprocess.h"

#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <vector>

namespace tributary::app {
namespace {

constexpr rlim_t kScriptAddressesMax = rlim_t{2} << 30U;  ///< bytes, the program itself among them

bool setLimit(__rlimit_resource_t what, rlim_t value) {
    const rlimit limit{value, value};
    return ::setrlimit(what, &limit) == 0;
}

/// From here on everything but the listed calls ends the process.
bool restrictCalls(int in, int out) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == nullptr) return false;
    int failed = 0;
    const auto allow = [&](int call, const std::vector<scmp_arg_cmp>& when) {
        failed |= seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, static_cast<unsigned>(when.size()), when.data());
    };
    for (const int call :
         {SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(exit),
          SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn), SCMP_SYS(clock_gettime), SCMP_SYS(restart_syscall)}) {
        allow(call, {});
    }
    allow(SCMP_SYS(read), {{0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(in), 0}});
    allow(SCMP_SYS(write), {{0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(out), 0}});
    // Memory, but none that can be executed, and no file in it.
    const scmp_arg_cmp noCode{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
    allow(SCMP_SYS(mmap), {noCode, {3, SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS}});
    allow(SCMP_SYS(mprotect), {noCode});
    if (failed == 0) failed = seccomp_load(filter);
    seccomp_release(filter);
    return failed == 0;
}

}  // namespace

bool closeAllBut(int first, int one, int other) {
    const auto close = [](int from, int to) {
        return from > to || ::close_range(static_cast<unsigned>(from), static_cast<unsigned>(to), 0) == 0;
    };
    const int low = std::min(one, other);
    const int high = std::max(one, other);
    return close(first, low - 1) && close(low + 1, high - 1) && close(high + 1, INT_MAX);
}

bool restrictProcess(int in, int out) {
    if (!closeAllBut(0, in, out)) return false;
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::prctl(PR_SET_DUMPABLE, 0) != 0) return false;
    return setLimit(RLIMIT_AS, kScriptAddressesMax) && setLimit(RLIMIT_CORE, 0) && setLimit(RLIMIT_FSIZE, 0) &&
           restrictCalls(in, out);
}

}  // namespace tributary::app
