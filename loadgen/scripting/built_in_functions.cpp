#include "loadgen/scripting/built_in_functions.hpp"

#include <vector>

#include "loadgen/scripting/detail/functions/families.hpp"

namespace loadgen::scripting {

const text::FunctionTable& built_in_functions() {
    static const auto kEntries = [] {
        std::vector<text::FunctionEntry> all;
        for (const Family family :
             {random_functions(), list_functions(), text_functions(), code_functions(), digest_functions(),
              time_functions(), person_functions(), place_functions(), business_functions(),
              internet_functions(), prose_functions(), number_functions()})
            all.insert(all.end(), family.begin(), family.end());
        return all;
    }();
    static const text::FunctionTable kTable(kEntries);
    return kTable;
}

}  // namespace loadgen::scripting
