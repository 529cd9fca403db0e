#include "loadgen/scenario/artillery/compilation.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "loadgen/pacing/text_file.hpp"
#include "loadgen/scenario/artillery/texts.hpp"

namespace loadgen::scenario::artillery {
namespace {

class Checker {
  public:
    explicit Checker(Compilation& compilation) : compilation_(compilation) {
        for (const Variables::Flow& flow : flows()) {
            if (flow.before) before_ = &flow;
            for (const text::Slot slot : flow.read) read_anywhere_.insert(slot);
            for (const Variables::Use& write : flow.writes) first_writer_.emplace(write.slot, &flow);
        }
    }

    void check() {
        for (const Variables::Flow& flow : flows()) {
            for (const Variables::Use& read : flow.reads) check_read(flow, read);
            for (const Variables::Use& write : flow.writes)
                if (write.capture) check_capture(flow, write);
        }
    }

  private:
    const std::vector<Variables::Flow>& flows() const { return compilation_.variables.flows(); }
    const std::string& name_of(text::Slot slot) const { return compilation_.plan.slots.name(slot); }

    /// The processor sets and reads variables too; whether it does, only its text can tell.
    bool processor_mentions(text::Slot slot) const {
        return compilation_.processor_text.find(name_of(slot)) != std::string::npos;
    }

    bool is_set(const Variables::Flow& flow, text::Slot slot) const {
        if (compilation_.variables.is_defined(slot) || flow.written.contains(slot)) return true;
        return before_ != nullptr && before_->written.contains(slot);
    }

    void check_read(const Variables::Flow& flow, const Variables::Use& read) {
        if (compilation_.findings.full() || is_set(flow, read.slot) || processor_mentions(read.slot)) return;
        std::string message = "variable " + shown(name_of(read.slot)) + " is never set";
        const auto elsewhere = first_writer_.find(read.slot);
        if (elsewhere != first_writer_.end()) {
            message = "variable " + shown(name_of(read.slot)) + " is set only in " + elsewhere->second->path +
                      ", by other virtual users";
        }
        if (read.without) message += *read.without ? ", so this is always true" : ", so this is never true";
        if (elsewhere == first_writer_.end()) message += meant_instead(flow, read.slot);
        if (read.word) message += text_hint(name_of(read.slot));
        const Place place = place_of(read);
        if (read.tolerant || !compilation_.plan.processor.empty()) {
            compilation_.findings.warning(place, read.spot.path, message);
        } else {
            compilation_.findings.error(place, read.spot.path, message);
        }
    }

    Place place_of(const Variables::Use& read) const {
        if (!read.spot || !read.spot->is_scalar()) return read.spot.place();
        const std::string& text = read.spot->scalar;
        const auto braces = text.find("{{");
        const auto at = text.find(name_of(read.slot), braces == std::string::npos ? 0 : braces);
        const bool one_line = text.find('\n') == std::string::npos;
        if (at == std::string::npos || !one_line) return read.spot.place();
        return compilation_.findings.inside(*read.spot, at + 1);
    }

    std::string meant_instead(const Variables::Flow& flow, text::Slot slot) const {
        const std::string_view meant = nearest_variable(flow, slot);
        return meant.empty() ? std::string() : "; did you mean " + shown(meant) + "?";
    }

    std::string_view nearest_variable(const Variables::Flow& flow, text::Slot slot) const {
        constexpr std::size_t kMostNames = 500;  // comparing with each of many thousands takes seconds
        std::vector<std::string_view> names;
        if (flow.written.size() + compilation_.variables.defined().size() > kMostNames) return {};
        for (const text::Slot defined : compilation_.variables.defined()) names.push_back(name_of(defined));
        for (const text::Slot written : flow.written) names.push_back(name_of(written));
        std::sort(names.begin(), names.end());
        return nearest(name_of(slot), names);
    }

    void check_capture(const Variables::Flow& flow, const Variables::Use& capture) {
        const bool read = (flow.before ? read_anywhere_ : flow.read).contains(capture.slot);
        if (!read && !compilation_.findings.full() && !processor_mentions(capture.slot))
            compilation_.findings.warning(
                capture.spot, "captured value " + shown(name_of(capture.slot)) + " is never used");
    }

    Compilation& compilation_;
    const Variables::Flow* before_ = nullptr;
    std::unordered_set<text::Slot> read_anywhere_;
    std::unordered_map<text::Slot, const Variables::Flow*> first_writer_;
};

}  // namespace

void Variables::read(const Use& use) {
    if (!flows_.empty()) {
        flows_.back().reads.push_back(use);
        flows_.back().read.insert(use.slot);
    }
}

void Variables::write(text::Slot slot, const Spot& spot, bool capture) {
    if (!flows_.empty()) {
        flows_.back().writes.push_back({.slot = slot, .spot = spot, .capture = capture});
        flows_.back().written.insert(slot);
    }
}

Result<std::string> Compilation::read_file(const std::string& path, std::size_t max_bytes) const {
    return options.read_file ? options.read_file(path, max_bytes) : pacing::read_file(path, max_bytes);
}

std::string Compilation::resolve(const std::string& path) const {
    return join_path(folder, path);
}

std::string join_path(const std::string& folder, const std::string& path) {
    if (path.starts_with('/') || folder.empty()) return path;
    return (std::filesystem::path(folder) / path).lexically_normal().string();
}

std::string folder_of(const std::string& path) {
    return std::filesystem::path(path).parent_path().string();
}

std::string absolute_path(const std::string& path) {
    std::error_code failed;
    const std::filesystem::path absolute = std::filesystem::absolute(path, failed);
    return failed ? path : absolute.lexically_normal().string();
}

void check_variables(Compilation& compilation) {
    Checker(compilation).check();
}

}  // namespace loadgen::scenario::artillery
