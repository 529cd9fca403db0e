// A table for people: columns as wide as their widest cell.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace loadgen::services::cli {

class TextTable {
  public:
    using Row = std::vector<std::string>;
    explicit TextTable(Row head) { rows_.push_back(std::move(head)); }
    /// As many cells as the head has.
    void add(Row row) { rows_.push_back(std::move(row)); }
    std::string text() const {
        std::vector<std::size_t> widths(rows_.front().size());
        for (const Row& row : rows_) {
            for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
        }
        std::string text;
        for (const Row& row : rows_) {
            for (std::size_t i = 0; i < row.size(); ++i) {
                text += row[i];
                if (i + 1 < row.size()) text += std::string(widths[i] + 2 - row[i].size(), ' ');
            }
            text += '\n';
        }
        return text;
    }

  private:
    std::vector<Row> rows_;
};

}  // namespace loadgen::services::cli
