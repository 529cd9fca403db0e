// What both target formats share: checks of the parts of a target and their merge with the defaults.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "loadgen/plan/request.hpp"

namespace loadgen::scenario {

// Limits on target files.
inline constexpr std::size_t kMaxHttpLine = std::size_t{64} * 1024;    ///< vegeta's, where it stops silently
inline constexpr std::size_t kMaxJsonLine = std::size_t{1024} * 1024;  ///< bodies are inside the line
inline constexpr std::size_t kMaxTargets = 1'000'000;                  ///< read in advance
inline constexpr std::size_t kMaxBodyFile = std::size_t{64} << 20;
inline constexpr std::size_t kMaxTargetMemory = std::size_t{1} << 30;  ///< bodies and texts read in advance

using Body = std::shared_ptr<const std::string>;

/// What targets take when they do not say it themselves.
struct TargetDefaults {
    Body body = std::make_shared<const std::string>();  ///< never null
    http::Headers headers;                              ///< come before a target's own
};

/// Reads body files, each once. Not thread-safe.
class BodyFiles {
  public:
    using Read = std::function<Result<std::string>(const std::string& path)>;
    /// `read` replaces the system's files in tests.
    explicit BodyFiles(Read read = {});

    /// Errors begin with "bad body: " and the path: missing, unreadable, larger than kMaxBodyFile, or more
    /// than kMaxTargetMemory in all.
    Result<Body> get(const std::string& path);

  private:
    Read read_;
    std::map<std::string, Body> bodies_;
    std::size_t total_ = 0;
};

/// A target as its format has read it.
struct TargetDraft {
    std::string method;
    std::string url_text;
    http::Url url;
    http::Headers headers;
    Body body;             ///< null: the default
    std::string location;  ///< "targets.txt:3"
};

/// Error "bad URL ...". Beyond http::parse_url: an empty host ("http://:8080/") is localhost, as Go dials it,
/// and an HTTP version after the URL is refused instead of becoming part of the path.
Result<http::Url> parse_target_url(std::string_view text);

/// Name and value as RFC 9110 sections 5.1 and 5.5 allow them; error "bad header ...".
Result<void> check_header(const http::Header& header);

/// "Name: value", both present; blanks around them are cut. Error "bad header ...".
Result<http::Header> parse_header(std::string_view text);

/// Merges in the defaults. Header order is defaults, then the target's own, as vegeta sends them; a Host of
/// the target replaces the default one and only the first Host stays.
std::shared_ptr<const plan::Request> make_request(TargetDraft draft, const TargetDefaults& defaults);

}  // namespace loadgen::scenario
