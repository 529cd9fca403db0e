#include "loadgen/scenario/targets.hpp"

#include "loadgen/pacing/text_file.hpp"
#include "loadgen/pacing/text_lines.hpp"
#include "loadgen/scenario/cycled_targets.hpp"
#include "loadgen/scenario/line_reader.hpp"
#include "loadgen/scenario/target_parts.hpp"
#include "loadgen/scenario/vegeta_http_targets.hpp"
#include "loadgen/scenario/vegeta_json_targets.hpp"

namespace loadgen::scenario {
namespace {

using Source = std::unique_ptr<plan::RequestSource>;

bool is_stdin(const std::string& path) {
    return path == "-" || path == "stdin";
}

/// What messages call the targets file.
std::string name_of(const std::string& path) {
    return is_stdin(path) ? "stdin" : path;
}

Result<TargetDefaults> read_defaults(const TargetOptions& options) {
    TargetDefaults defaults;
    for (const std::string& text : options.headers) {
        Result<http::Header> header = parse_header(text);
        if (!header) return with_context("-header: ", header.error());
        defaults.headers.push_back(std::move(*header));
    }
    if (options.body_file.empty()) return defaults;
    if (is_stdin(options.body_file) && options.urls.empty() && is_stdin(options.path))
        return Error{ErrorCode::kUsage, "-body and -targets cannot both be read from standard input"};
    const std::string path = is_stdin(options.body_file) ? "/dev/stdin" : options.body_file;
    Result<std::string> body = pacing::read_file(path, kMaxBodyFile);
    if (!body) return with_context("-body: ", body.error());
    defaults.body = std::make_shared<const std::string>(std::move(*body));
    return defaults;
}

/// Arguments as targets; their messages count them like lines of a file.
Result<Source> from_arguments(const TargetOptions& options, const TargetDefaults& defaults) {
    if (!check_header({options.method, {}}))
        return Error{ErrorCode::kUsage, "bad method \"" + pacing::quoted_start(options.method) +
                                            "\": expected letters such as GET"};
    CycledTargets::Requests requests;
    for (const std::string& text : options.urls) {
        if (text.size() > 1 && text.front() == '-')
            return Error{ErrorCode::kUsage, "found flag \"" + pacing::quoted_start(text) +
                                                "\" after a URL: flags come before URLs"};
        TargetDraft draft;
        draft.location = "argument " + std::to_string(requests.size() + 1);
        Result<http::Url> url = parse_target_url(text);
        if (!url) return with_context(draft.location + ": ", url.error());
        draft.method = options.method;
        draft.url_text = text;
        draft.url = std::move(*url);
        requests.push_back(make_request(std::move(draft), defaults));
    }
    return Source(std::make_unique<CycledTargets>(std::move(requests)));
}

Result<Source> open_stream(const TargetOptions& options, TargetDefaults defaults) {
    Result<ReadBytes> bytes = open_bytes(options.path);
    if (!bytes) return bytes.error();
    const std::string name = name_of(options.path);
    if (options.format == "json")
        return Source(std::make_unique<VegetaJsonTargets>(LineReader(name, std::move(*bytes), kMaxJsonLine),
                                                          std::move(defaults), options.note));
    return Source(std::make_unique<VegetaHttpTargets>(LineReader(name, std::move(*bytes), kMaxHttpLine),
                                                      std::move(defaults)));
}

}  // namespace

Result<std::unique_ptr<plan::RequestSource>> open_targets(const TargetOptions& options) {
    if (options.format != "http" && options.format != "json")
        return Error{ErrorCode::kUsage,
                     "format \"" + pacing::quoted_start(options.format) + "\" isn't one of [http, json]"};
    Result<TargetDefaults> defaults = read_defaults(options);
    if (!defaults) return defaults.error();
    if (!options.urls.empty()) return from_arguments(options, *defaults);
    Result<Source> stream = open_stream(options, std::move(*defaults));
    if (!stream || options.lazy) return stream;
    return CycledTargets::read_all(**stream, name_of(options.path));
}

}  // namespace loadgen::scenario
