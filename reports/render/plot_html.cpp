#include "reports/render/plot_html.hpp"

#include <utility>

#include "reports/render/plot_escape.hpp"

namespace loadgen::embedded {
extern const std::string_view plot_template;
}

namespace loadgen::reports {
namespace {

constexpr std::string_view kMarkerStart = "<!--loadgen:";
constexpr std::string_view kMarkerEnd = "-->";

struct Parts {
    std::string title;
    std::string notes;
    std::string summary;
    std::string failures;
    std::string description;
    std::string payload;

    const std::string* find(std::string_view name) const {
        if (name == "title") return &title;
        if (name == "notes") return &notes;
        if (name == "summary") return &summary;
        if (name == "failures") return &failures;
        if (name == "description") return &description;
        return name == "payload" ? &payload : nullptr;
    }
};

// One pass over the template, so that a marker inside somebody's error text is never taken for one of ours.
std::string fill(std::string_view page, const Parts& parts) {
    std::string out;
    out.reserve(page.size() + parts.payload.size() + parts.description.size() + parts.failures.size() +
                65536);
    for (;;) {
        const std::size_t start = page.find(kMarkerStart);
        if (start == std::string_view::npos) break;
        const std::size_t name_at = start + kMarkerStart.size();
        const std::size_t end = page.find(kMarkerEnd, name_at);
        if (end == std::string_view::npos) break;
        out += page.substr(0, start);
        if (const std::string* part = parts.find(page.substr(name_at, end - name_at))) out += *part;
        page.remove_prefix(end + kMarkerEnd.size());
    }
    return out += page;
}

}  // namespace

std::string render_plot_html(const PlotData& data, std::string_view title) {
    Parts parts;
    parts.title = html_text(title);
    parts.notes = plot_notes_html(data);
    parts.summary = plot_summary_html(data);
    parts.failures = plot_failures_html(data);
    parts.description = plot_description_json(data, parts.payload);
    return fill(embedded::plot_template, parts);
}

}  // namespace loadgen::reports
