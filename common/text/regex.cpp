#include "common/text/regex.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "common/text/detail/regex/regex_syntax.hpp"

namespace loadgen::text {
namespace {

constexpr std::size_t kLongestPattern = 16'384;
constexpr std::int64_t kMostMemory = 4 << 20;  // of one pattern, compiled, with its caches

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

Error refusal(const RE2& regex) {
    if (regex.error_code() == RE2::ErrorPatternTooLarge || regex.error_code() == RE2::ErrorRepeatSize) {
        return {ErrorCode::kLimit, "found a pattern that needs more than " +
                                       std::to_string(kMostMemory >> 20) +
                                       " MiB, expected fewer or smaller repetitions"};
    }
    return {ErrorCode::kUnsupported, "found a pattern that is not supported: " + regex.error()};
}

}  // namespace

struct Regex::Program {
    Program(const RegexSyntax& syntax, const RE2::Options& options)
        : regex(piece(syntax.pattern), options), groups(syntax.groups), names(syntax.names) {}

    RE2 regex;
    std::size_t groups;
    std::vector<std::pair<std::string, std::size_t>> names;
};

Regex::Regex() = default;
Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::Regex(const Regex&) = default;
Regex& Regex::operator=(const Regex&) = default;

Result<Regex> Regex::compile(std::string_view pattern, std::string_view flags) {
    if (pattern.size() > kLongestPattern) {
        return Error{ErrorCode::kLimit, "found a pattern of " + std::to_string(pattern.size()) +
                                            " bytes, allowed are " + std::to_string(kLongestPattern)};
    }
    const auto syntax = translate_regex(pattern, flags);
    if (!syntax) return syntax.error();
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMostMemory);
    options.set_case_sensitive(!syntax->ignore_case);
    auto program = std::make_shared<const Program>(*syntax, options);
    if (!program->regex.ok()) return refusal(program->regex);
    Regex regex;
    regex.program_ = std::move(program);
    return regex;
}

bool Regex::matches(std::string_view text) const {
    return program_ && program_->regex.Match(piece(text), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

std::optional<RegexMatch> Regex::search(std::string_view text) const {
    if (!program_) return std::nullopt;
    std::vector<re2::StringPiece> found(program_->groups + 1);
    const bool matched = program_->regex.Match(piece(text), 0, text.size(), RE2::UNANCHORED, found.data(),
                                               static_cast<int>(found.size()));
    if (!matched) return std::nullopt;
    RegexMatch match;
    match.groups.reserve(found.size());
    for (const re2::StringPiece& group : found) {
        const bool set = group.data() != nullptr;
        match.groups.push_back(
            {set, set ? std::string_view(group.data(), group.size()) : std::string_view()});
    }
    return match;
}

std::optional<std::size_t> Regex::group(std::string_view name) const {
    if (!program_) return std::nullopt;
    const auto& names = program_->names;
    const auto known =
        std::find_if(names.begin(), names.end(), [name](const auto& entry) { return entry.first == name; });
    if (known == names.end()) return std::nullopt;
    return known->second;
}

std::size_t Regex::groups() const {
    return program_ ? program_->groups : 0;
}

}  // namespace loadgen::text
