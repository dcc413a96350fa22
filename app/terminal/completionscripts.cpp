// Completion scripts for shells: thin, all knowledge stays in the program.
#include "app/terminal/completion.h"

namespace tributary::app {
namespace {

constexpr const char* kBash = R"(# Completion of tributary for bash:  source <(tributary completion bash)
_tributary() {
    local current="${COMP_WORDS[COMP_CWORD]}" line
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("$line")
    done < <(tributary __complete -- "${COMP_WORDS[@]:1:COMP_CWORD-1}" "$current" 2>/dev/null)
    case "${COMP_WORDS[COMP_CWORD-1]}" in
        -w|--workspace|-outdir) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    esac
}
complete -o default -F _tributary tributary
)";

constexpr const char* kZsh = R"(#compdef tributary
# Completion of tributary for zsh:  source <(tributary completion zsh)
_tributary() {
    local -a found
    case "${words[CURRENT-1]}" in
        -w|--workspace|-outdir) _files -/; return ;;
    esac
    found=("${(@f)$(tributary __complete -- "${(@)words[2,CURRENT-1]}" "${words[CURRENT]}" 2>/dev/null)}")
    if (( ${#found} )) && [[ -n "${found[1]}" ]]; then
        compadd -a found
    else
        _files
    fi
}
compdef _tributary tributary
)";

constexpr const char* kFish = R"(# Completion of tributary for fish:  tributary completion fish | source
function __tributary_complete
    set -l done (commandline -opc)
    tributary __complete -- $done[2..-1] (commandline -ct) 2>/dev/null
end
complete -c tributary -f -a '(__tributary_complete)'
complete -c tributary -s w -l workspace -r -F -d 'The workspace'
)";

}  // namespace

const std::vector<std::string>& completionShells() {
    static const std::vector<std::string> kShells{"bash", "zsh", "fish"};
    return kShells;
}

std::string completionScript(const std::string& shell) {
    if (shell == "bash") return kBash;
    if (shell == "zsh") return kZsh;
    if (shell == "fish") return kFish;
    return {};
}

}  // namespace tributary::app
