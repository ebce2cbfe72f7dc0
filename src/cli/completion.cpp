#include <algorithm>
#include <cstdio>
#include <map>

#include "arguments.hpp"
#include "commands.hpp"
#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/experiments/catalogue.hpp"
#include "hypnos/runtime/job.hpp"
#include "texts.hpp"

namespace hypnos::cli {

namespace {

std::vector<std::string> names_of_commands() {
  std::vector<std::string> names;
  for (auto const* command : commands()) names.push_back(command->name);
  return names;
}

std::vector<std::string> names_of_experiments() {
  std::vector<std::string> names;
  for (auto const& experiment : catalogue()) names.push_back(experiment.name);
  return names;
}

// The keys of jobs, each with its possible values; none where they cannot be listed.
std::map<std::string, std::vector<std::string>> keys_of_jobs() {
  std::map<std::string, std::vector<std::string>> keys;
  for (auto const& key : job_keys()) keys[key.name];
  keys["experiment"] = names_of_experiments();
  for (auto const& experiment : catalogue())
    for (auto const& parameter : experiment.parameters) {
      auto& values = keys[parameter.name];
      auto const add = [&](std::string const& value) {
        if (std::ranges::find(values, value) == values.end()) values.push_back(value);
      };
      for (auto const& choice : parameter.choices) add(choice.name);
      if (parameter.kind == Kind::flag)
        for (auto const* value : {"true", "false"}) add(value);
    }
  return keys;
}

bool takes(Command const& command, std::string const& word) { return command.words.find(word) != command.words.npos; }

// "bash | zsh"
std::vector<std::string> alternatives(Command const& command) {
  return command.words.find('|') == command.words.npos ? std::vector<std::string>{} : split(command.words, '|');
}

std::string words_of(std::vector<std::string> const& words) { return joined(words, " "); }

// In single quotes, for both shells.
std::string quoted(std::string const& text) {
  std::string result = "'";
  for (char const c : text) result += c == '\'' ? "'\\''" : std::string(1, c);
  return result + "'";
}

void print_bash() {
  std::puts(R"sh(# Completion of hypnos in bash, made by `hypnos completion bash`: eval "$(hypnos completion bash)"
_hypnos() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} key=
    # bash separates words at "="
    if [[ $word == "=" ]]; then key=$before word=
    elif [[ $before == "=" ]]; then key=${COMP_WORDS[COMP_CWORD-2]}
    fi
    COMPREPLY=()
    _hypnos_words() { mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W "$1" -- "$word"); }
    _hypnos_files() {
        mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -X "!*.$1" -- "$word")
        mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -d -S / -- "$word")
        compopt -o filenames -o nospace
    }
    if ((COMP_CWORD == 1)); then)sh");
  std::printf("        _hypnos_words %s\n        return\n    fi\n",
              quoted(words_of(names_of_commands()) + " --version --help").c_str());
  std::puts(R"sh(    if [[ -n $key && $key != -* ]]; then
        case $key in)sh");
  for (auto const& [key, values] : keys_of_jobs())
    if (!values.empty())
      std::printf("            %s) _hypnos_words %s ;;\n", key.c_str(), quoted(words_of(values)).c_str());
  std::puts(R"sh(            *) mapfile -t COMPREPLY < <(compgen -f -- "$word"); compopt -o filenames ;;
        esac
        return
    fi
    case $command in)sh");
  for (auto const* command : commands()) {
    std::printf("        %s)\n", command->name.c_str());
    std::vector<std::string> options, files, values;
    for (auto const& option : option_texts(*command)) {
      for (auto const& name : {option.short_name, option.long_name}) {
        if (name.empty()) continue;
        options.push_back(name);
        if (option.value == "FILE") files.push_back(name);
        else if (!option.value.empty()) values.push_back(name);
      }
    }
    if (!files.empty())
      std::printf("            case $before in %s) _hypnos_files h5; return ;; esac\n", joined(files, "|").c_str());
    if (!values.empty()) std::printf("            case $before in %s) return ;; esac\n", joined(values, "|").c_str());
    std::printf("            if [[ $word == -* ]]; then _hypnos_words %s; return; fi\n",
                quoted(words_of(options)).c_str());
    if (takes(*command, "EXPERIMENT"))
      std::printf("            _hypnos_words %s\n", quoted(words_of(names_of_experiments())).c_str());
    if (takes(*command, "COMMAND"))
      std::printf("            _hypnos_words %s\n", quoted(words_of(names_of_commands())).c_str());
    if (auto const words = alternatives(*command); !words.empty())
      std::printf("            _hypnos_words %s\n", quoted(words_of(words)).c_str());
    if (takes(*command, "FILE")) std::puts("            _hypnos_files h5");
    if (takes(*command, "JOB")) {
      std::string keys;
      for (auto const& [key, choices] : keys_of_jobs()) keys += (keys.empty() ? "" : " ") + key + "=";
      std::printf("            _hypnos_files ini\n            _hypnos_words %s\n", quoted(keys).c_str());
    }
    std::puts("            ;;");
  }
  std::puts("    esac\n}\ncomplete -F _hypnos hypnos");
}

// A text within [...] of zsh's _arguments.
std::string in_brackets(std::string const& text) {
  std::string result;
  for (char const c : text) {
    if (c == '[' || c == ']' || c == ':') result += '\\';
    result += c;
  }
  return result;
}

void print_zsh() {
  std::puts(R"sh(#compdef hypnos
# Completion of hypnos in zsh, made by `hypnos completion zsh`: source <(hypnos completion zsh)
_hypnos_settings() {
    if compset -P 1 '*='; then
        case ${IPREFIX%=} in)sh");
  for (auto const& [key, values] : keys_of_jobs()) {
    if (values.empty()) continue;
    std::vector<std::string> each;
    for (auto const& value : values) each.push_back(quoted(value));
    std::printf("            %s) compadd -- %s ;;\n", key.c_str(), words_of(each).c_str());
  }
  std::puts(R"sh(            *) _files ;;
        esac
        return
    fi)sh");
  std::vector<std::string> keys;
  for (auto const& [key, values] : keys_of_jobs()) keys.push_back(key);
  std::printf("    compadd -S = -- %s\n    _files -g '*.ini'\n}\n", words_of(keys).c_str());
  std::puts("_hypnos() {\n    local -a commands\n    commands=(");
  for (auto const* command : commands())
    std::printf("        %s\n", quoted(command->name + ":" + command->summary).c_str());
  std::puts(R"sh(    )
    if ((CURRENT == 2)); then
        _describe command commands
        return
    fi
    local command=$words[2]
    shift words
    ((CURRENT--))
    case $command in)sh");
  for (auto const* command : commands()) {
    std::printf("        %s)\n            _arguments", command->name.c_str());
    for (auto const& [short_name, long_name, value, description, required] : option_texts(*command)) {
      auto const action = value.empty() ? "" : ":" + in_brackets(value) + (value == "FILE" ? ":_files" : ": ");
      auto const text = "[" + in_brackets(description) + "]" + action;
      for (auto const& name : {short_name, long_name})
        if (!name.empty()) std::printf(" \\\n                %s", quoted(name + text).c_str());
    }
    std::string action;
    if (takes(*command, "EXPERIMENT")) action = "experiment:(" + words_of(names_of_experiments()) + ")";
    else if (takes(*command, "COMMAND")) action = "command:(" + words_of(names_of_commands()) + ")";
    else if (takes(*command, "JOB")) action = "job or setting:_hypnos_settings";
    else if (takes(*command, "FILE")) action = "store:_files -g \"*.h5\"";
    else if (auto const words = alternatives(*command); !words.empty()) action = "shell:(" + words_of(words) + ")";
    if (!action.empty()) std::printf(" \\\n                %s", quoted("*:" + action).c_str());
    std::puts("\n            ;;");
  }
  std::puts(R"sh(    esac
}
if [[ $funcstack[1] == _hypnos ]]; then _hypnos "$@"; else compdef _hypnos hypnos; fi)sh");
}

int print_completion(Words const& words) {
  Arguments const arguments(completion(), words);
  auto const& shell = arguments.positional()[0];
  auto const known = alternatives(completion());
  if (std::ranges::find(known, shell) == known.end())
    throw BadInput("shell '" + shell + "', but must be " + completion().words + suggestion(shell, known));
  shell == "bash" ? print_bash() : print_zsh();
  return exit_done;
}

}  // namespace

Command const& completion() {
  static Command const command{.name = "completion",
                               .words = "bash | zsh",
                               .summary = "completes commands, options, settings and files in a shell",
                               .details =
                                   "For the present shell: eval \"$(hypnos completion bash)\", or in zsh, after "
                                   "compinit, source <(hypnos completion zsh). An installation has both in the "
                                   "places where shells look for them.",
                               .least = 1,
                               .most = 1,
                               .run = print_completion};
  return command;
}

}  // namespace hypnos::cli
