// Text in columns, aligned exactly as Go's text/tabwriter does it for vegeta's reports.
#pragma once

#include <string>
#include <string_view>

namespace loadgen::reports {

/// Cells end in a tab, lines in a line break. A column is a run of lines that have a cell there; it is as
/// wide as its widest cell and two blanks more, counted in characters. The text after a line's last tab
/// belongs to no column.
std::string align_columns(std::string_view text);

}  // namespace loadgen::reports
