#include "reports/render/tab_columns.hpp"

#include <algorithm>
#include <vector>

#include "common/text/utf8.hpp"

namespace loadgen::reports {
namespace {

constexpr std::size_t kPadding = 2;

struct Cell {
    std::string_view text;
    std::size_t width = 0;   ///< characters
    std::size_t column = 0;  ///< width of its column; 0 for the last cell of a line
};

using Lines = std::vector<std::vector<Cell>>;

/// Calls use(part) for each part between the characters of `ends`; one more than there are ends.
template <typename Use>
void for_each_part(std::string_view text, std::string_view ends, Use use) {
    while (true) {
        const std::size_t end = text.find_first_of(ends);
        use(text.substr(0, end));
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
    }
}

Lines split(std::string_view text) {
    Lines lines;
    for_each_part(text, "\n\f", [&](std::string_view line) {
        auto& cells = lines.emplace_back();
        for_each_part(line, "\t\v", [&](std::string_view cell) {
            cells.push_back({cell, text::utf8_length(cell)});
        });
    });
    return lines;
}

bool has_column(const std::vector<Cell>& line, std::size_t column) {
    return column + 1 < line.size();
}

/// Sets the widths of every column: runs of lines that share it.
void size_columns(Lines& lines) {
    std::size_t most = 0;
    for (const auto& line : lines) most = std::max(most, line.size());
    for (std::size_t column = 0; column + 1 < most; ++column) {
        std::size_t begin = 0;
        while (begin < lines.size()) {
            std::size_t end = begin;
            std::size_t width = 0;
            for (; end < lines.size() && has_column(lines[end], column); ++end) {
                width = std::max(width, lines[end][column].width + kPadding);
            }
            for (std::size_t i = begin; i < end; ++i) lines[i][column].column = width;
            begin = std::max(end, begin + 1);
        }
    }
}

}  // namespace

std::string align_columns(std::string_view text) {
    Lines lines = split(text);
    size_columns(lines);
    std::string out;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i != 0) out += '\n';
        for (const Cell& cell : lines[i]) {
            out += cell.text;
            if (cell.column > cell.width) out.append(cell.column - cell.width, ' ');
        }
    }
    return out;
}

}  // namespace loadgen::reports
