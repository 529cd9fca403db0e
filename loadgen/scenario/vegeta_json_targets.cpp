#include "loadgen/scenario/vegeta_json_targets.hpp"

#include <array>
#include <charconv>

#include "common/base/encoding.hpp"
#include "loadgen/pacing/phase_words.hpp"
#include "loadgen/pacing/text_lines.hpp"

namespace loadgen::scenario {
namespace {

using pacing::quoted_start;
using pacing::trim;
using text::JsonKind;
using text::JsonValue;

constexpr std::array<std::string_view, 4> kKeys{"method", "url", "body", "header"};

/// An error inside one line, before the file and line number are known.
struct Fault {
    std::size_t column = 1;
    std::string message;
};

/// Where a member stands, for messages: the first place its name occurs in quotes.
std::size_t column_of_key(std::string_view line, std::string_view key) {
    const std::size_t at = line.find("\"" + std::string(key) + "\"");
    return at == line.npos ? line.find_first_not_of(" \t") + 1 : at + 1;
}

/// The JSON reader says "line 1, column 9: found ..."; the line is known better here.
Fault from_reader(const std::string& message) {
    constexpr std::string_view kPrefix = "line 1, column ";
    if (!message.starts_with(kPrefix)) return {1, message};
    Fault fault;
    const char* end = message.data() + message.size();
    const auto [stopped, failure] = std::from_chars(message.data() + kPrefix.size(), end, fault.column);
    const std::string_view rest(stopped, static_cast<std::size_t>(end - stopped));
    fault.message = rest.starts_with(": ") ? rest.substr(2) : rest;
    return fault;
}

/// Fills a draft from the members of an object; the first fault wins.
class TargetMembers {
  public:
    TargetMembers(std::string_view line, TargetDraft& draft) : line_(line), draft_(draft) {}

    std::optional<Fault> read(JsonValue target) {
        if (target.kind() != JsonKind::kObject)
            return Fault{1, "parse error: found " + std::string(json_kind_name(target.kind())) +
                                ", expected an object such as {\"method\":\"GET\",\"url\":\"http://...\"}"};
        target.for_each_member([this](std::string_view key, JsonValue value) {
            take(key, value);
            return !fault_;
        });
        if (fault_) return fault_;
        if (draft_.method.empty()) return Fault{1, "target: required method is missing"};
        if (draft_.url_text.empty()) return Fault{1, "target: required url is missing"};
        return std::nullopt;
    }

  private:
    void fail(std::string_view key, std::string message) {
        fault_ = Fault{column_of_key(line_, key), std::move(message)};
    }

    void take(std::string_view key, JsonValue value) {
        if (key == "header") return take_headers(value);
        if (key != "method" && key != "url" && key != "body") return refuse_key(key);
        if (key == "body" && value.is_null()) return;
        const std::optional<std::string_view> text = value.as_string();
        if (!text)
            return fail(key, "bad " + std::string(key) + ": found " +
                                 std::string(json_kind_name(value.kind())) + ", expected a string");
        if (key == "method") take_method(*text);
        if (key == "url") take_url(*text);
        if (key == "body") take_body(*text);
    }

    void refuse_key(std::string_view key) {
        std::string message = "unknown key \"" + quoted_start(key) + "\"; ";
        const std::string_view nearest = pacing::nearest_word(key, kKeys);
        if (!nearest.empty()) message += "did you mean \"" + std::string(nearest) + "\"? ";
        fail(key, message + "a target has " + pacing::joined(kKeys));
    }

    void take_method(std::string_view text) {
        // A method is a token (RFC 9110 section 9.1), as a header name is.
        if (!text.empty() && !check_header({std::string(text), {}}))
            return fail("method", "bad method \"" + quoted_start(text) + "\": expected letters such as GET");
        draft_.method = text;
    }

    void take_url(std::string_view text) {
        draft_.url_text = text;
        if (text.empty()) return;
        Result<http::Url> url = parse_target_url(text);
        if (!url) return fail("url", url.error().message);
        draft_.url = std::move(*url);
    }

    void take_body(std::string_view text) {
        std::optional<std::string> bytes = from_base64(text);
        if (!bytes) return fail("body", "bad body: not base64 (RFC 4648 section 4, padded)");
        if (!bytes->empty()) draft_.body = std::make_shared<const std::string>(std::move(*bytes));
    }

    void take_headers(JsonValue headers) {
        if (headers.is_null()) return;
        if (headers.kind() != JsonKind::kObject)
            return fail("header", "bad header: found " + std::string(json_kind_name(headers.kind())) +
                                      ", expected an object of arrays of strings");
        headers.for_each_member([this](std::string_view name, JsonValue values) {
            take_header(name, values);
            return !fault_;
        });
    }

    void take_header(std::string_view name, JsonValue values) {
        if (values.kind() != JsonKind::kArray)
            return fail(name, "bad header \"" + quoted_start(name) + "\": found " +
                                  std::string(json_kind_name(values.kind())) +
                                  ", expected an array of strings");
        values.for_each_element([&](JsonValue value) {
            const std::optional<std::string_view> text = value.as_string();
            if (!text) {
                fail(name, "bad header \"" + quoted_start(name) + "\": found " +
                               std::string(json_kind_name(value.kind())) + " in the array, expected strings");
                return false;
            }
            http::Header header{std::string(name), std::string(trim(*text))};
            if (const Result<void> checked = check_header(header); !checked)
                fail(name, checked.error().message);
            draft_.headers.push_back(std::move(header));
            return !fault_;
        });
    }

    std::string_view line_;
    TargetDraft& draft_;
    std::optional<Fault> fault_;
};

}  // namespace

VegetaJsonTargets::VegetaJsonTargets(LineReader lines, TargetDefaults defaults, Note note)
    : lines_(std::move(lines)),
      defaults_(std::move(defaults)),
      note_(std::move(note)),
      document_({kMaxJsonLine, 16}) {}

Result<std::shared_ptr<const plan::Request>> VegetaJsonTargets::next() {
    while (true) {
        const Result<std::optional<LineReader::Line>> line = lines_.next();
        if (!line) return line.error();
        if (!*line) return std::shared_ptr<const plan::Request>{};
        if (trim((*line)->text).empty()) continue;
        Result<TargetDraft> draft = parse(**line);
        if (!draft) return draft.error();
        if (!(*line)->terminated && note_)
            note_(lines_.name() + ": the last line has no line feed; it counts here, vegeta leaves it out");
        return make_request(std::move(*draft), defaults_);
    }
}

Result<TargetDraft> VegetaJsonTargets::parse(const LineReader::Line& line) {
    TargetDraft draft;
    draft.location = lines_.name() + ":" + std::to_string(line.number);
    const Result<JsonValue> root = document_.parse(line.text);
    std::optional<Fault> fault;
    if (root) {
        fault = TargetMembers(line.text, draft).read(*root);
    } else {
        fault = from_reader(root.error().message);
        fault->message.insert(0, "parse error: ");
    }
    if (fault)
        return Error{root ? ErrorCode::kSyntax : root.error().code,
                     lines_.place(line.number, fault->column) + fault->message};
    return draft;
}

}  // namespace loadgen::scenario
