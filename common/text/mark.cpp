#include "common/text/mark.hpp"

namespace loadgen::text {

std::string to_text(const Finding& finding) {
    std::string text = finding.file;
    if (finding.mark.line > 0) {
        text += ":" + std::to_string(finding.mark.line) + ":" + std::to_string(finding.mark.column);
    }
    text += ": ";
    if (finding.severity == Severity::kWarning) text += "warning: ";
    if (!finding.path.empty()) text += finding.path + ": ";
    return text + finding.message;
}

}  // namespace loadgen::text
