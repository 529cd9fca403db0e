// One virtual user and its strands: what is remembered between two steps, and nothing more.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/random.hpp"
#include "common/base/time.hpp"
#include "common/http/cookie_jar.hpp"
#include "common/text/scope.hpp"
#include "common/text/value.hpp"
#include "loadgen/plan/request.hpp"
#include "loadgen/plan/scenario_plan.hpp"

namespace loadgen::steps {

class EventIntake;

struct User;

/// One loop that a strand is inside of.
struct Round {
    const plan::LoopStep* step = nullptr;
    std::int64_t index = 0;
    std::int64_t end = 0;  ///< first index without a round; negative = none
    text::Value over;      ///< the list it walks; undefined = none
};

/// What a strand waits for.
enum class Waiting : std::uint8_t { kNothing, kTime, kToken, kAnswer, kProcessor, kBranches };

/// A request between its hooks: what the processor made of it. Exists only when there are hooks.
struct HookedRequest {
    text::Value parameters;  ///< as the hooks see them
    std::vector<text::Value::Member> changed;
    text::Value response;               ///< undefined until there is one
    std::optional<std::string> missed;  ///< the capture of the answer that the user fails by, in words
};

/// One thread of control of a user: its flow, or one branch of a `parallel`. Address never changes.
struct Strand {
    User* user = nullptr;
    Strand* parent = nullptr;  ///< of a branch
    std::uint32_t pc = 0;
    Waiting waiting = Waiting::kNothing;
    bool has_token = false;         ///< the due instant of the next request has been dealt out already
    bool admitted = false;          ///< the request at `pc` has its due instant
    bool asked = false;             ///< the condition at `pc` has been answered
    bool answer = false;            ///< by this
    std::uint32_t hook = 0;         ///< at `pc`: the hook that comes next
    std::uint32_t branches = 0;     ///< running now
    std::uint32_t next_branch = 0;  ///< to be started next
    Instant due;                    ///< of what comes next: what it waited for, plus its think time
    Instant call_start;             ///< of the processor call under way
    std::uint64_t call = 0;         ///< its token
    std::vector<Round> rounds;      ///< innermost last
    std::unique_ptr<HookedRequest> hooked;
    std::shared_ptr<EventIntake> events;  ///< of the `sse` step that it stands at
};

/// What the engine keeps for a user: its connections.
class Belongings {
  public:
    virtual ~Belongings() = default;
};

/// Why a user ended early.
struct Failure {
    std::string code;    ///< counted as errors.<code>
    std::string detail;  ///< for people
    std::uint32_t pc;    ///< of the step
};

/// Lives on one worker's thread from its arrival to its end.
struct User {
    explicit User(Random stream) : random(stream) {}

    std::uint64_t number = 0;  ///< of its arrival, over all workers
    const plan::Journey* journey = nullptr;
    Instant arrival;
    Random random;
    std::vector<text::Value> values;           ///< by slot
    std::vector<text::Value::Member> others;   ///< set by the processor; the script never names them
    std::vector<text::Slot> changed;           ///< since the processor last saw them
    std::unique_ptr<http::CookieJar> cookies;  ///< made with the first cookie
    std::unique_ptr<Belongings> belongings;
    std::shared_ptr<const plan::Request> socket;  ///< the handshake of its WebSocket, once it has begun
    std::unique_ptr<Failure> failure;
    std::optional<Instant> paced;  ///< pacing: due instant of the next request
    Nanos pacing{0};
    std::uint32_t on_error_hook = 0;
    std::uint32_t known_to = 0;  ///< generation of the processor that knows it; 0 = none does
    bool ending = false;
    Strand main;
    std::vector<std::unique_ptr<Strand>> strands;  ///< branches of `parallel` under way
    User* previous = nullptr;                      ///< links among all users of the worker
    User* next = nullptr;
};

/// Sets a variable, or a member inside of one, and remembers that the processor has not seen it.
void assign(User& user, const plan::Target& target, text::Value value);
void assign(User& user, text::Slot slot, text::Value value);

/// A copy of `base` in which the member behind `members` is `value` (lodash `set`: what is missing is made).
text::Value with_member(const text::Value& base, const std::vector<std::string>& members, std::size_t from,
                        text::Value value);

}  // namespace loadgen::steps
