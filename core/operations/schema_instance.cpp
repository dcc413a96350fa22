// Schema of instances that are processes with two configuration files (tarantool.md sections 1 and 2.5): the words of
// tt, one statement on a console, and the edits of files that stand between them.
#include "core/operations/schemaparts.h"

namespace tributary::schema {
namespace {

ParamSpec instance(std::string help) {
    return param(ParamType::Instance, "instance", std::move(help));
}

VerbSpec plain(Verb id, std::string name, bool mutates, std::string summary, std::vector<ParamSpec> params) {
    VerbSpec spec = verb(id, std::move(name), mutates, std::move(summary), std::move(params));
    spec.takesGlobals = false;
    return spec;
}

std::vector<VerbSpec> processVerbs() {
    const ParamSpec which = instance("APP, or APP:INSTANCE; all that are enabled when not given");
    const ParamSpec yes = choice("yes", "ask nothing", {}, {"true"});
    const ParamSpec force = choice("force", "ask nothing", {}, {"true"});
    return {
        plain(Verb::InstanceStart, "tt start", true, "Starts instances, a process for each.", {which}),
        plain(Verb::InstanceStop, "tt stop", true, "Stops instances.", {which, yes}),
        plain(Verb::InstanceRestart, "tt restart", true, "Stops instances and starts them.", {which, yes}),
        plain(Verb::InstanceKill, "tt kill", true, "Ends the processes of instances at once.", {which, force}),
        plain(Verb::InstanceStatus, "tt status", false, "Shows which instances run, and as which process.", {which}),
        plain(Verb::InstanceCheck, "tt check", false, "Reads the configuration of instances.", {which}),
        plain(Verb::InstanceClean, "tt clean", true, "Deletes data and logs of instances that are stopped.",
              {which, force}),
    };
}

}  // namespace

std::vector<VerbSpec> instanceVerbs() {
    const ParamSpec one = required(instance("APP:INSTANCE"));
    const ParamSpec key = required(text("key", "the option's path in config.yaml, as database.mode"));
    const ParamSpec other = required(param(ParamType::Instance, "other", "another instance of the same replica set"));
    std::vector<VerbSpec> all = processVerbs();
    for (VerbSpec& spec : std::vector<VerbSpec>{
             plain(Verb::BoxRun, "box", true, "Runs one statement on the console of an instance.",
                   {one, required(text("statement", "Lua, in one word"))}),
             plain(Verb::InstanceSet, "instance set", true, "Gives an instance an option in config.yaml.",
                   {one, key, required(text("value", "a word, or YAML in one line"))}),
             plain(Verb::InstanceUnset, "instance unset", true, "Takes an option of an instance out of config.yaml.",
                   {one, key}),
             plain(Verb::InstancePinUuid, "instance pin-uuid", true,
                   "Writes the uuid under which another instance registered this one into config.yaml.", {one, other}),
             plain(Verb::InstanceAdd, "instance add", true, "Adds an instance to instances.yml and config.yaml.",
                   {one, required(param(ParamType::Instance, "like", "an instance of the same replica set")),
                    required(text("listen", "its address, HOST:PORT")),
                    required(choice("mode", "whether it takes writes", {}, {"ro", "rw"}))}),
             plain(Verb::InstanceRemove, "instance remove", true,
                   "Takes an instance out of instances.yml and config.yaml.", {one}),
             plain(Verb::InstanceWipe, "instance wipe", true,
                   "Deletes snapshots and logs of a stopped instance: it joins anew when it starts.", {one}),
             plain(Verb::InstanceSaveRows, "instance save-rows", false,
                   "Writes rows that one instance holds and another does not into a new file, one to a line.",
                   {one, other, required(text("file", "the file, which must not exist"))}),
         }) {
        all.push_back(std::move(spec));
    }
    return all;
}

}  // namespace tributary::schema
