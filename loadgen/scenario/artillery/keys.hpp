// The one table of the language's keys. From it come the checks of shape, their messages, and the published
// JSON Schema; a new key is one row here and its use.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace loadgen::scenario::artillery {

/// What a value may be; rows combine them.
enum Kind : std::uint32_t {
    kText = 1,       ///< any scalar
    kNumber = 2,     ///< also as a text, "2.5"
    kWhole = 4,      ///< a number without decimals, not negative
    kBool = 8,       ///< also as a text, "true"
    kDuration = 16,  ///< seconds, or "500ms", "2 minutes"
    kRate = 32,      ///< per second, or "600/min"
    kList = 64,
    kMap = 128,
    kNull = 256,      ///< nothing behind the colon: as if the key were not there
    kTemplate = 512,  ///< instead of a number, a boolean or a duration: {{ }}, known only at run time
    kSteps = 1024,    ///< a list of steps, lists of steps in it flattened
};
inline constexpr std::uint32_t kAny = kText | kNumber | kBool | kList | kMap | kNull;

struct ObjectKind;

struct KeyRow {
    std::string_view name;
    std::uint32_t kinds = kAny;
    std::string_view doc;                          ///< one sentence, shown by editors
    const ObjectKind* object = nullptr;            ///< what a map is, or each map of a list
    std::uint32_t items = kAny;                    ///< what the elements of a list may be
    std::span<const std::string_view> words = {};  ///< the texts that are allowed
    bool required = false;
    std::string_view idle = {};  ///< why the key has no effect: a warning wherever it stands
};

/// A map with these keys.
struct ObjectKind {
    std::string_view id;    ///< in the JSON Schema
    std::string_view name;  ///< in messages: "a phase"
    std::string_view doc;
    std::span<const KeyRow> keys;
    std::uint32_t others = 0;  ///< what other keys, whose names the user picks, may hold; 0 = none
    const ObjectKind* others_object = nullptr;
    /// As Artillery does, passes over unknown keys that resemble none of these, with a warning.
    bool lenient = false;
};

/// A kind of step, known by its key: {loop: ...}, {think: ...}.
struct StepKind {
    std::string_view action;
    const ObjectKind& object;
    bool request = false;  ///< `action` is an HTTP method
};

extern const ObjectKind kScript;
extern const ObjectKind kConfig;
extern const ObjectKind kEnvironments;
extern const ObjectKind kPhase;
extern const ObjectKind kScenario;
extern const ObjectKind kHookFlow;
extern const ObjectKind kHeaders;
extern const ObjectKind kTexts;
extern const ObjectKind kFree;
extern const ObjectKind kEvents;
extern const ObjectKind kConnect;
extern const ObjectKind kSocket;
extern const ObjectKind kRequest;
extern const ObjectKind kRequestStep;  ///< what may stand beside the method
extern const ObjectKind kAnswered;
extern const ObjectKind kExpectation;
extern const ObjectKind kEnsure;
extern const ObjectKind kApdex;
extern const ObjectKind kDefaults;

std::span<const StepKind> step_kinds();

/// The row with this name, or nullptr.
const KeyRow* find_key(const ObjectKind& kind, std::string_view name);

}  // namespace loadgen::scenario::artillery
