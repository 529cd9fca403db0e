#include "loadgen/scenario/artillery/request.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "common/http/url.hpp"
#include "loadgen/scenario/artillery/looks.hpp"
#include "loadgen/scenario/artillery/scalars.hpp"
#include "loadgen/scenario/artillery/settings.hpp"
#include "loadgen/scenario/artillery/texts.hpp"

namespace loadgen::scenario::artillery {
namespace {

constexpr std::string_view kUserAgent = "loadgen";
constexpr double kDefaultTimeoutMillis = 10'000;

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

std::string upper(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

bool is_token(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), fits);
}

class RequestCompiler {
  public:
    RequestCompiler(Compilation& compilation, const FlowContext& flow, const Spot& spot)
        : compilation_(compilation), flow_(flow), spot_(spot) {}

    plan::RequestStep compile(const std::string& method) {
        step_.method = upper(method);
        url();
        name();
        headers();
        query();
        if (const Spot cookies = spot_.member("cookie"))
            step_.cookies = compile_text_map(compilation_, cookies);
        body();
        auth();
        step_.follow_redirects = read_bool(spot_.member("followRedirect"), true);
        step_.decompress = read_bool(spot_.member("gzip"), true);
        step_.captures = compile_captures(compilation_, spot_);
        step_.matches = compile_matches(compilation_, spot_);
        step_.expectations = compile_expectations(compilation_, spot_);
        hooks();
        tags();
        return std::move(step_);
    }

  private:
    Compilation& compilation_;
    const FlowContext& flow_;
    const Spot& spot_;
    plan::RequestStep step_;

    void url() {
        const Spot url = spot_.member("url") ? spot_.member("url") : spot_.member("uri");
        step_.url_text = read_text(url);
        step_.url = compile_text(compilation_, url);
        if (!url || !url->is_scalar()) return;
        const std::string& text = step_.url_text;
        if (text.starts_with('/')) {
            check_target(compilation_);
            if (compilation_.plan.target.empty())
                compilation_.findings.error(
                    url,
                    "found " + shown(text) + ", which needs a target: there is no config.target and no -t");
        } else if (!text.starts_with("{{")) {
            const std::string start = lower(text.substr(0, 8));
            if (!start.starts_with("http://") && !start.starts_with("https://"))
                compilation_.findings.error(
                    url,
                    "found " + shown(text) + ", expected a path that starts with /, or http:// or https://");
            else if (!has_template(text))
                if (const auto parsed = http::parse_url(text); !parsed)
                    compilation_.findings.error(url, parsed.error().message);
        }
    }

    void name() {
        const Spot name = spot_.member("name");
        step_.named = static_cast<bool>(name);
        step_.name_text = read_text(name);
        step_.name = name ? compile_text(compilation_, name)
                          : text::Template::literal(step_.method + " " + step_.url_text);
    }

    void headers() {
        const Spot config = compilation_.config();
        const Spot now = config.member("http").member("defaults").member("headers");
        const Spot defaults = now ? now : config.member("defaults").member("headers");
        if (defaults && defaults->is_map()) {
            for (auto& [name, value] : compile_text_map(compilation_, defaults))
                set_header(name, std::move(value));
        } else {
            set_header("user-agent", text::Template::literal(std::string(kUserAgent)));
        }
        const Spot own = spot_.member("headers");
        if (own)
            for (auto& [name, value] : compile_text_map(compilation_, own))
                set_header(name, std::move(value));
    }

    void set_header(const std::string& name, text::Template value) {
        text::Template key = text::Template::literal(lower(name));
        for (auto& [existing, old] : step_.headers) {
            if (existing.constant() != key.constant()) continue;
            old = std::move(value);
            return;
        }
        step_.headers.emplace_back(std::move(key), std::move(value));
    }

    void query() {
        const Spot qs = spot_.member("qs");
        for (std::size_t i = 0; qs && i < qs->members.size(); ++i) {
            const Spot member = qs.member_at(i);
            step_.query.emplace_back(compile_key(compilation_, member, qs->members[i].key),
                                     compile_value(compilation_, member));
        }
    }

    void body() {
        // The order in which Artillery lets one win over another.
        const std::array<Spot, 4> bodies{spot_.member("json"), spot_.member("formData"), spot_.member("form"),
                                         spot_.member("body")};
        const Spot* chosen = nullptr;
        for (const Spot& candidate : bodies) {
            if (!candidate || (&candidate == &bodies[0] && is_falsy(candidate))) continue;
            if (chosen == nullptr) {
                chosen = &candidate;
            } else {
                compilation_.findings.warning(
                    candidate.key_place, candidate.path,
                    "is not sent, because " + chosen->path.substr(spot_.path.size() + 1) + " is there too");
            }
        }
        if (chosen == nullptr) return;
        if (chosen == &bodies[0]) step_.body = plan::JsonBody{compile_value(compilation_, *chosen)};
        if (chosen == &bodies[1]) multipart_body(*chosen);
        if (chosen == &bodies[2]) form_body(*chosen);
        if (chosen == &bodies[3]) step_.body = plan::TextBody{compile_text(compilation_, *chosen)};
    }

    /// As in Artillery, a json that is falsy in JavaScript is no body.
    static bool is_falsy(const Spot& json) {
        return json->is_null() || (json->is_scalar() && !scalar_value(*json).truthy());
    }

    void form_body(const Spot& form) {
        plan::UrlEncodedBody body;
        for (std::size_t i = 0; i < form->members.size(); ++i) {
            const Spot member = form.member_at(i);
            body.fields.emplace_back(compile_key(compilation_, member, form->members[i].key),
                                     compile_value(compilation_, member));
        }
        step_.body = std::move(body);
    }

    void multipart_body(const Spot& form) {
        plan::MultipartBody body;
        for (std::size_t i = 0; i < form->members.size(); ++i) {
            const Spot member = form.member_at(i);
            plan::FormPart part;
            part.name = compile_key(compilation_, member, form->members[i].key);
            part.content_type = read_text(member.member("contentType"));
            if (const Spot file = member.member("fromFile")) {
                attach_file(file, part);
            } else {
                part.value = compile_value(compilation_, member->is_map() ? member.member("value") : member);
            }
            body.parts.push_back(std::move(part));
        }
        step_.body = std::move(body);
    }

    void attach_file(const Spot& file, plan::FormPart& part) {
        if (!file->is_scalar()) return;
        if (has_template(*file)) {
            part.file = compilation_.folder;
            part.file_below = compile_text(compilation_, file);
            return;
        }
        part.file = compilation_.resolve(file->scalar);
        Result<std::string> bytes = compilation_.read_file(part.file, kMaxUploadBytes);
        if (bytes) {
            part.file_bytes = std::make_shared<const std::string>(std::move(*bytes));
        } else {
            compilation_.findings.error(file, "the file cannot be read: " + bytes.error().message);
        }
    }

    void auth() {
        const Spot auth = spot_.member("auth");
        if (!auth || !auth->is_map()) return;
        step_.basic_auth.emplace(compile_text(compilation_, auth.member("user")),
                                 compile_text(compilation_, auth.member("pass")));
    }

    void hooks() {
        step_.before_request = flow_.before_request;
        for (const plan::FunctionIndex function : compile_hooks(compilation_, spot_.member("beforeRequest")))
            step_.before_request.push_back(function);
        step_.after_response = flow_.after_response;
        for (const plan::FunctionIndex function : compile_hooks(compilation_, spot_.member("afterResponse")))
            step_.after_response.push_back(function);
        if (!step_.before_request.empty() || !step_.after_response.empty()) step_.parameters = parameters();
    }

    /// The attributes as written, and what Artillery adds before it calls hooks.
    text::Value parameters() const {
        text::Value::Object members;
        for (const Member& member : spot_->members)
            if (member.key != "url" && member.key != "uri")
                members.emplace_back(member.key, to_value(member.value));
        const bool below_target = step_.url_text.starts_with('/');
        members.emplace_back(
            "url", text::Value(below_target ? compilation_.plan.target + step_.url_text : step_.url_text));
        members.emplace_back("method", text::Value(step_.method));
        const Spot timeout = compilation_.config().member("http").member("timeout");
        const auto given = timeout ? duration_of(*timeout) : std::nullopt;
        const double millis = given ? static_cast<double>(given->value.count()) / 1e6 : kDefaultTimeoutMillis;
        members.emplace_back("timeout", text::Value(millis));
        return text::Value(std::move(members));
    }

    void tags() {
        step_.tags = flow_.tags;
        for (const std::uint32_t tag : compile_tag_map(compilation_, spot_.member("tags")))
            if (std::find(step_.tags.begin(), step_.tags.end(), tag) == step_.tags.end())
                step_.tags.push_back(tag);
        if (const Spot traces = spot_.member("traces"))
            compilation_.findings.warning(traces.key_place, traces.path,
                                          "is reserved for trace contracts and not used yet");
    }
};

}  // namespace

plan::RequestStep compile_request(Compilation& compilation, const FlowContext& flow, const Spot& spot,
                                  const std::string& method) {
    return RequestCompiler(compilation, flow, spot).compile(method);
}

std::vector<std::uint32_t> compile_tag_map(Compilation& compilation, const Spot& tags) {
    std::vector<std::uint32_t> numbers;
    for (std::size_t i = 0; tags && i < tags->members.size(); ++i) {
        const Spot value = tags.member_at(i);
        if (has_template(*value))
            compilation.findings.error(
                value, "a tag may not be a template: each value would be a metric of its own");
        const std::string tag = tags->members[i].key + ":" + read_text(value);
        std::vector<std::string>& known = compilation.plan.tags;
        const auto [number, is_new] =
            compilation.tag_numbers.emplace(tag, static_cast<std::uint32_t>(known.size()));
        if (is_new) known.push_back(tag);
        numbers.push_back(number->second);
    }
    return numbers;
}

std::vector<std::pair<std::string, text::Template>> compile_text_map(Compilation& compilation,
                                                                     const Spot& map) {
    std::vector<std::pair<std::string, text::Template>> texts;
    for (std::size_t i = 0; map && i < map->members.size(); ++i) {
        const Spot value = map.member_at(i);
        const std::string& name = map->members[i].key;
        if (!is_token(name))
            compilation.findings.error(
                value.key_place, value.path,
                "found " + shown(name) + ", expected a name of letters, digits and dashes");
        texts.emplace_back(name, compile_text(compilation, value));
    }
    return texts;
}

}  // namespace loadgen::scenario::artillery
