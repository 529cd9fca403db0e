// The HTML latency plot: one file that needs no network, no other file and, for its tables, no JavaScript.
#pragma once

#include <string>
#include <string_view>

#include "reports/model/plot_data.hpp"

namespace loadgen::reports {

/// The whole page. Every text of `data` and the title may be hostile: they come out escaped. The page runs
/// one inline script, named by its hash in the Content-Security-Policy, which forbids every connection.
std::string render_plot_html(const PlotData& data, std::string_view title);

/// Its parts, for the renderer and its tests. All return HTML.
std::string plot_summary_html(const PlotData& data);
std::string plot_notes_html(const PlotData& data);
std::string plot_failures_html(const PlotData& data);

/// The JSON description of the charts and, in it, the directory of the columns whose bytes go to `payload`
/// (plot_columns.hpp). Times are in microseconds, latencies in tenths of a microsecond.
std::string plot_description_json(const PlotData& data, std::string& payload);

}  // namespace loadgen::reports
