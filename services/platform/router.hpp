// Finds the handler of a request by method and path.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "services/platform/call.hpp"

namespace loadgen::services::platform {

/// Answers a call now or later. Runs on the loop's thread and must not wait.
using Handler = std::function<void(const CallPtr&)>;

/// Routes of one worker. Filled before the first call.
class Router {
  public:
    /// `pattern` is "/literal/{name}/...": {name} matches one non-empty segment, percent-decoded. GET answers
    /// HEAD too (RFC 9110 section 9.3.2). Literals win over names.
    void add(std::string_view method, std::string_view pattern, Handler handler);

    enum class Outcome : std::uint8_t { kFound, kNoSuchPath, kNoSuchMethod, kBadEncoding };
    struct Match {
        Outcome outcome = Outcome::kNoSuchPath;
        const Handler* handler = nullptr;
        std::string allow;  ///< with kNoSuchMethod: the Allow field (RFC 9110 section 10.2.1)
    };
    /// Looks `call` up and stores the pattern and the parameters in it.
    Match find(Call& call);

  private:
    struct Segment {
        std::string text;  ///< the literal, or the name
        bool is_name = false;
    };
    struct Route {
        std::string pattern;
        std::vector<Segment> segments;
        std::vector<std::pair<std::string, Handler>> methods;
        std::size_t names = 0;
    };

    /// Fills path_. False when a segment is badly encoded.
    bool decode(std::string_view path);
    const Route* best_route() const;

    std::vector<Route> routes_;  // fewest names first
    // Of the call that is looked up, kept for their memory:
    std::vector<std::string_view> path_;  // its segments, decoded
    std::vector<std::string> decoded_;    // those of them that are not written as they are
};

/// Decodes %XX (RFC 3986 section 2.1). An error when a '%' is not followed by two hex digits.
Result<std::string> percent_decode(std::string_view text);

}  // namespace loadgen::services::platform
