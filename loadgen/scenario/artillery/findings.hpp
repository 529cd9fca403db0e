// What is wrong with a script: collected, not thrown, so that a user sees all of it at once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/text/mark.hpp"
#include "loadgen/scenario/artillery/node.hpp"

namespace loadgen::scenario::artillery {

/// Never keeps more than these; warnings at most half, so that they cannot hide an error.
inline constexpr std::size_t kMaxFindings = 500;

class Findings {
  public:
    /// The number of a file; its text (may be empty) helps to point into scalars.
    std::uint32_t add_file(std::string name, std::string text);

    void error(const Place& place, const std::string& path, std::string message);
    void warning(const Place& place, const std::string& path, std::string message);
    void error(const Spot& spot, std::string message) { error(spot.place(), spot.path, std::move(message)); }
    void warning(const Spot& spot, std::string message) {
        warning(spot.place(), spot.path, std::move(message));
    }
    /// An error inside of a scalar: "character 7: found ..." is moved to where that character stands.
    void error_inside(const Spot& scalar, const Error& error);
    void add(const text::Finding& finding, std::uint32_t file);

    bool any_errors() const { return errors_ > 0; }
    /// No more are kept, and there are errors among them; whoever has to search for what to say need not.
    bool full() const { return entries_.size() >= kMaxFindings; }
    const std::string& file(std::uint32_t number) const { return files_.at(number).name; }

    /// In order of files and places, each once.
    std::vector<text::Finding> take();

    /// The place of the n-th character (from 1) of a scalar that stands on one line; else of the scalar.
    Place inside(const Node& scalar, std::size_t character) const;

  private:
    struct File {
        std::string name;
        std::string text;
    };
    struct Entry {
        std::uint32_t file = 0;
        text::Finding finding;
    };
    void put(text::Severity severity, const Place& place, const std::string& path, std::string message);
    std::string_view source_at(const Place& place) const;

    std::vector<File> files_;
    std::vector<Entry> entries_;
    std::size_t errors_ = 0;
    std::size_t warnings_ = 0;
};

/// `text` in quotes, its first 60 bytes, control characters as '?'.
std::string shown(std::string_view text);

/// The word of `words` that `word` was probably meant to be, or empty. Case does not count.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& words);

/// "a", "a or b", "a, b or c".
std::string either(const std::vector<std::string>& words);

}  // namespace loadgen::scenario::artillery
