#include "loadgen/steps/requests/render.hpp"

#include <algorithm>
#include <filesystem>

#include "common/http/content_decoding.hpp"
#include "common/http/field_writer.hpp"
#include "common/http/form.hpp"
#include "common/http/http1_writer.hpp"
#include "common/http/url.hpp"
#include "loadgen/scripting/built_in_functions.hpp"

namespace loadgen::steps {
namespace {

const text::Value* changed_member(const std::vector<text::Value::Member>& changed, std::string_view name) {
    for (const auto& [key, value] : changed) {
        if (key == name) return &value;
    }
    return nullptr;
}

/// A list as JavaScript makes text of it, null and the rest as templates do.
std::string form_text(const text::Value& value) {
    if (!value.is_array()) return value.to_text();
    std::string joined;
    for (const text::Value& element : value.elements()) {
        if (!joined.empty()) joined += ',';
        joined += element.to_text();
    }
    return joined;
}

class Renderer {
  public:
    Renderer(Stage& stage, User& user, const plan::RequestStep& step, std::uint32_t number,
             const std::vector<text::Value::Member>& changed)
        : stage_(stage),
          user_(user),
          step_(step),
          changed_(changed),
          evaluation_(stage, user),
          request_(stage.host.blank_request(number)) {}

    Result<std::shared_ptr<plan::Request>> run() {
        request_->method = step_.method;
        if (const text::Value* method = changed_member(changed_, "method"))
            request_->method = method->to_text();
        request_->endpoint.clear();
        step_.name.append(request_->endpoint, scope());
        if (auto url = render_url(); !url) return std::move(url).error();
        render_headers();
        if (auto body = render_body(); !body) return std::move(body).error();
        render_cookies();
        render_auth();
        if (step_.decompress) fields_.add_default("accept-encoding", http::kAcceptedCodings);
        if (stage_.plan.http.propagate_trace) add_trace();
        if (!evaluation_.fault().empty()) return Error{ErrorCode::kUsage, evaluation_.fault()};
        fields_.finish();
        if (auto checked = check_fields(request_->headers); !checked) return std::move(checked).error();
        return std::move(request_);
    }

  private:
    const text::Scope& scope() const { return evaluation_.scope(); }

    /// What a hook left behind may hold templates.
    text::Value put_in(const text::Value& value) {
        if (value.is_string()) {
            if (value.string().find("{{") == std::string::npos) return value;
            return put_in_text(value);
        }
        if (value.is_array()) {
            text::Value::Array elements;
            for (const text::Value& element : value.elements()) elements.push_back(put_in(element));
            return text::Value(std::move(elements));
        }
        if (!value.is_object()) return value;
        text::Value::Object members;
        for (const auto& [name, member] : value.members()) {
            members.emplace_back(put_in(text::Value(name)).to_text(), put_in(member));
        }
        return text::Value(std::move(members));
    }

    /// Names that the script never mentions are those that only the processor set.
    text::Value put_in_text(const text::Value& value) {
        text::SlotTable names = stage_.plan.slots;
        const auto compiled = text::Template::compile(value.string(), names, scripting::built_in_functions());
        if (!compiled) return value;
        if (names.size() == stage_.plan.slots.size()) return compiled->evaluate(scope());
        std::vector<text::Value> values = user_.values;
        values.resize(names.size());
        for (const auto& [name, other] : user_.others) {
            if (const auto slot = names.find(name)) values[*slot] = other;
        }
        return compiled->evaluate({values, scope().context});
    }

    Result<void> render_url() {
        std::string& url = request_->url_text;
        url.clear();
        const text::Value* changed = changed_member(changed_, "url");
        if (const text::Value* uri = changed_member(changed_, "uri")) changed = uri;
        if (changed != nullptr) {
            url = put_in(*changed).to_text();
        } else {
            step_.url.append(url, scope());
        }
        if (url.starts_with('/')) url.insert(0, stage_.plan.target);
        if (!http::parse_url(url, request_->url)) return Error{ErrorCode::kUsage, "Invalid URL - " + url};
        add_query();
        return {};
    }

    void add_query() {
        const text::Value* changed = changed_member(changed_, "qs");
        if (changed == nullptr && step_.query.empty()) return;
        std::string query;
        http::UrlEncodedWriter writer(query);
        const auto add = [&writer](const std::string& name, const text::Value& value) {
            if (!value.is_array()) return writer.add(name, value.is_null() ? "" : value.to_text());
            for (const text::Value& element : value.elements()) writer.add(name, element.to_text());
        };
        if (changed != nullptr) {
            const text::Value fields = put_in(*changed);
            if (fields.is_object()) {
                for (const auto& [name, value] : fields.members()) add(name, value);
            }
        } else {
            for (const auto& [name, value] : step_.query) add(name.render(scope()), value.evaluate(scope()));
        }
        request_->url.path_and_query =
            http::with_query(request_->url.path_and_query, query, http::QueryRule::kReplace);
    }

    void render_headers() {
        for (const auto& [name, value] : step_.headers) {
            http::Header& field = fields_.add();
            name.append(field.name, scope());
            value.append(field.value, scope());
        }
        const text::Value* changed = changed_member(changed_, "headers");
        if (changed == nullptr || !changed->is_object()) return;
        for (const auto& [name, value] : changed->members()) {
            if (!value.is_undefined()) fields_.set(name, put_in(value).to_text());
        }
    }

    void set_type(std::string_view type) { fields_.add_default("content-type", type); }

    Result<void> render_body() {
        request_->body = nullptr;
        std::string& out = request_->own_body;
        out.clear();
        if (const text::Value* json = changed_member(changed_, "json"); json != nullptr && json->truthy()) {
            put_in(*json).append_json(out);
            set_type("application/json");
            return {};
        }
        if (const auto* json = std::get_if<plan::JsonBody>(&step_.body)) {
            json->value.append_json(out, scope());
            set_type("application/json");
            return {};
        }
        if (const text::Value* body = changed_member(changed_, "body");
            body != nullptr && !body->is_undefined()) {
            out = put_in(*body).to_text();
            return {};
        }
        if (const auto* text = std::get_if<plan::TextBody>(&step_.body)) text->text.append(out, scope());
        if (const auto* form = std::get_if<plan::UrlEncodedBody>(&step_.body)) render_form(*form);
        if (const auto* parts = std::get_if<plan::MultipartBody>(&step_.body))
            return render_multipart(*parts);
        return {};
    }

    void render_form(const plan::UrlEncodedBody& form) {
        http::UrlEncodedWriter writer(request_->own_body);
        if (const text::Value* changed = changed_member(changed_, "form");
            changed != nullptr && changed->is_object()) {
            for (const auto& [name, value] : changed->members()) writer.add(name, form_text(put_in(value)));
        } else {
            for (const auto& [name, value] : form.fields) {
                writer.add(name.render(scope()), form_text(value.evaluate(scope())));
            }
        }
        set_type("application/x-www-form-urlencoded");
    }

    static std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

    /// A file whose name the user knows. Errors have Node's names, as Artillery counts them.
    Result<void> add_file(http::MultipartWriter& writer, const std::string& name,
                          const plan::FormPart& part) {
        const std::filesystem::path below = part.file_below->render(scope());
        const std::string path = (std::filesystem::path(part.file) / below).lexically_normal().string();
        const auto bytes = stage_.host.read_file(path);
        if (bytes) return writer.add_file(name, file_name(path), **bytes, part.content_type);
        const ErrorCode code = bytes.error().code;
        return Error{code, code == ErrorCode::kNotFound ? "ENOENT"
                           : code == ErrorCode::kLimit  ? "EFBIG"
                                                        : "EACCES"};
    }

    Result<void> render_multipart(const plan::MultipartBody& form) {
        http::MultipartWriter writer(request_->own_body, http::random_boundary(user_.random));
        for (const plan::FormPart& part : form.parts) {
            const std::string name = part.name.render(scope());
            Result<void> added;
            if (part.file_below) {
                added = add_file(writer, name, part);
            } else if (part.file_bytes) {
                added = writer.add_file(name, file_name(part.file), *part.file_bytes, part.content_type);
            } else {
                added = writer.add(name, form_text(part.value.evaluate(scope())), part.content_type);
            }
            if (!added) return added;
        }
        writer.finish();
        set_type(writer.content_type());
        return {};
    }

    void set_cookie(std::string_view name, const std::string& value) {
        if (!user_.cookies) user_.cookies = std::make_unique<http::CookieJar>();
        if (!user_.cookies->set(request_->url, name, value, stage_.host.wall_now())) {
            stage_.meter.error(failure::kCookie, stage_.host.now());
        }
    }

    void render_cookies() {
        for (const auto& [name, value] : stage_.plan.http.default_cookies) {
            const bool overridden = std::any_of(step_.cookies.begin(), step_.cookies.end(),
                                                [&name](const auto& cookie) { return cookie.first == name; });
            if (!overridden) set_cookie(name, value.render(scope()));
        }
        for (const auto& [name, value] : step_.cookies) set_cookie(name, value.render(scope()));
        const text::Value* changed = changed_member(changed_, "cookie");
        if (changed != nullptr && changed->is_object()) {
            for (const auto& [name, value] : changed->members()) set_cookie(name, put_in(value).to_text());
        }
        if (!user_.cookies || user_.cookies->empty()) return;
        std::string field;
        user_.cookies->append_cookie_header(field, request_->url, stage_.host.wall_now());
        if (!field.empty()) fields_.set("cookie", field);
    }

    void render_auth() {
        if (!step_.basic_auth) return;
        const auto& [user, password] = *step_.basic_auth;
        fields_.set("authorization",
                    http::basic_authorization(user.render(scope()), password.render(scope())));
    }

    void add_trace() {
        static constexpr std::string_view kHex = "0123456789abcdef";
        std::string value = "00-" + stage_.plan.http.trace_id_prefix;
        const auto fill = [this, &value](std::size_t length) {
            while (value.size() < length) value += kHex[user_.random.below(16)];
        };
        fill(3 + 32);
        value += '-';
        fill(3 + 32 + 1 + 16);
        value += stage_.plan.http.sampled ? "-01" : "-00";
        fields_.add_default("traceparent", value);
    }

    Stage& stage_;
    User& user_;
    const plan::RequestStep& step_;
    const std::vector<text::Value::Member>& changed_;
    Evaluation evaluation_;
    std::shared_ptr<plan::Request> request_;
    http::FieldWriter fields_{request_->headers};
};

}  // namespace

Result<void> check_fields(const http::Headers& fields) {
    for (const http::Header& field : fields) {
        if (!http::is_valid_field_name(field.name))
            return Error{ErrorCode::kUsage, "ERR_INVALID_HTTP_TOKEN (header \"" + field.name + "\")"};
        if (!http::is_valid_field_value(field.value))
            return Error{ErrorCode::kUsage, "ERR_INVALID_CHAR (header " + field.name + ")"};
    }
    return {};
}

Result<std::shared_ptr<plan::Request>> render(Stage& stage, User& user, const plan::RequestStep& step,
                                              std::uint32_t number,
                                              const std::vector<text::Value::Member>& changed) {
    return Renderer(stage, user, step, number, changed).run();
}

}  // namespace loadgen::steps
