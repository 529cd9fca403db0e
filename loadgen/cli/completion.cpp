#include "loadgen/cli/completion.hpp"

#include <array>
#include <cstdio>
#include <functional>

#include "loadgen/cli/command.hpp"
#include "loadgen/cli/exit_code.hpp"

namespace loadgen::cli {
namespace {

/// Text inside single quotes of a shell: quotes, and for fish backslashes, are escaped by the caller's rule.
std::string quoted(std::string_view text, std::string_view for_quote) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') {
            out += for_quote;
        } else {
            out += c;
        }
    }
    return out += '\'';
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

std::string command_names() {
    std::vector<std::string> names;
    for (const Command& command : command_table()) names.emplace_back(command.name);
    names.emplace_back("help");
    names.emplace_back("version");
    return joined(names);
}

void for_each_option(const CommandSpec& spec,
                     const std::function<void(std::string_view, const Option&)>& use) {
    for (const OptionGroup& group : spec.groups) {
        for (const Option& option : group.options) {
            use(option.name, option);
            if (!option.alias.empty()) use(option.alias, option);
        }
    }
}

/// One bash `case` arm a command: its flags, then what the flag before the cursor takes.
std::string bash_arm(const CommandSpec& spec) {
    std::string flags;
    std::string values;
    for_each_option(spec, [&](std::string_view name, const Option& option) {
        const std::string word(name);
        flags += "-" + word + " ";
        if (option.value.is_bool) return;
        values += "                -" + word + "|--" + word + ") ";
        values += option.value.is_file ? "COMPREPLY=($(compgen -f -- \"$cur\"))"
                  : option.value.choices.empty()
                      ? "COMPREPLY=()"
                      : "COMPREPLY=($(compgen -W '" + joined(option.value.choices) + "' -- \"$cur\"))";
        values += "; return ;;\n";
    });
    std::string arm = "        " + std::string(spec.name) + ")\n";
    if (!values.empty()) arm += "            case \"$prev\" in\n" + values + "            esac\n";
    // With two dashes the words match without the first one, which is put back.
    arm += "            if [[ $cur == -* ]]; then COMPREPLY=($(compgen ${dash:+-P -} -W '" + flags +
           "-help' -- \"${cur#$dash}\"));";
    arm += spec.words.empty()
               ? " else COMPREPLY=($(compgen -f -- \"$cur\")); fi ;;\n"
               : " else COMPREPLY=($(compgen -W '" + joined(spec.words) + "' -- \"$cur\")); fi ;;\n";
    return arm;
}

std::string bash_script() {
    std::string out = R"(# bash completion for loadgen; load it with: source <(loadgen completion bash)
_loadgen() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} dash=
    # bash takes -flag=value for three words.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $prev == = ]]; then
        prev=${COMP_WORDS[COMP_CWORD-2]}
    elif [[ $cur == --* ]]; then
        dash=-
    fi
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W ')" +
                      command_names() + R"(' -- "$cur"))
        return
    fi
    case "${COMP_WORDS[1]}" in
)";
    for (const Command& command : command_table()) out += bash_arm(command.describe());
    out += "        help) COMPREPLY=($(compgen -W '" + command_names() + "' -- \"$cur\")) ;;\n";
    return out + "    esac\n}\ncomplete -o filenames -F _loadgen loadgen\n";
}

/// zsh's _arguments reads brackets and colons itself, so they cannot stand in a description.
std::string zsh_text(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, text.find(". "))) {
        if (c == '[' || c == ']' || c == ':') out += '\\';
        out += c;
    }
    return out;
}

std::string zsh_arm(const CommandSpec& spec) {
    std::string arm = "        " + std::string(spec.name) + ")\n            _arguments";
    for_each_option(spec, [&](std::string_view name, const Option& option) {
        std::string text = "*-" + std::string(name) + "[" + zsh_text(option.help) + "]";
        if (!option.value.is_bool) {
            text += ":" + zsh_text(option.value.placeholder) + ":";
            if (option.value.is_file) text += "_files";
            if (!option.value.choices.empty()) text += "(" + joined(option.value.choices) + ")";
        }
        arm += " \\\n                " + quoted(text, "'\\''");
    });
    arm += " \\\n                ";
    arm += spec.words.empty() ? "'*:file:_files'" : "'*:word:(" + joined(spec.words) + ")'";
    return arm + " ;;\n";
}

std::string zsh_script() {
    std::string out = R"(#compdef loadgen
# zsh completion for loadgen; load it with: source <(loadgen completion zsh)
_loadgen() {
    if ((CURRENT == 2)); then
        compadd )" + command_names() +
                      R"(
        return
    fi
    local command=$words[2]
    shift words
    ((CURRENT--))
    case $command in
)";
    for (const Command& command : command_table()) out += zsh_arm(command.describe());
    return out + "    esac\n}\ncompdef _loadgen loadgen\n";
}

std::string fish_script() {
    std::string out =
        "# fish completion for loadgen; load it with: loadgen completion fish | source\n"
        "complete -c loadgen -n __fish_use_subcommand -f -a '" +
        command_names() + "'\n";
    for (const Command& command : command_table()) {
        const CommandSpec spec = command.describe();
        const std::string start =
            "complete -c loadgen -n '__fish_seen_subcommand_from " + std::string(spec.name) + "'";
        if (!spec.words.empty()) out += start + " -f -a '" + joined(spec.words) + "'\n";
        for_each_option(spec, [&](std::string_view name, const Option& option) {
            out += start + " -o " + std::string(name) + " -d " + quoted(option.help, "\\'");
            if (!option.value.is_bool) out += option.value.is_file ? " -rF" : " -x";
            if (!option.value.choices.empty()) out += " -a '" + joined(option.value.choices) + "'";
            out += '\n';
        });
    }
    return out;
}

}  // namespace

Result<std::string> completion_script(std::string_view shell) {
    if (shell == "bash") return bash_script();
    if (shell == "zsh") return zsh_script();
    if (shell == "fish") return fish_script();
    return Error{ErrorCode::kUsage, "found shell \"" + std::string(shell) + "\", expected bash, zsh or fish"};
}

CommandSpec describe_completion() {
    return {.name = "completion",
            .summary = "print the shell's completion script",
            .usage = "loadgen completion bash|zsh|fish",
            .description = "",
            .examples =
                "  source <(loadgen completion bash)        # this shell only\n"
                "  loadgen completion fish | source\n",
            .words = {"bash", "zsh", "fish"}};
}

int completion_command(int argc, char** argv) {
    int exit_code = kExitPass;
    ParsedArguments parsed;
    const CommandSpec spec = describe_completion();
    if (!parse_or_explain(spec, {argv, static_cast<std::size_t>(argc)}, parsed, exit_code)) return exit_code;
    if (parsed.positional.size() != 1) {
        print_error(spec.name, "expected exactly one shell: bash, zsh or fish");
        return kExitUsage;
    }
    const auto script = completion_script(parsed.positional.front());
    if (!script) {
        print_error(spec.name, script.error().message);
        return kExitUsage;
    }
    std::fwrite(script->data(), 1, script->size(), stdout);
    return kExitPass;
}

}  // namespace loadgen::cli
