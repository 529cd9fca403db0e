// The shells themselves judge the scripts: bash completes with it, the others at least parse it where
// installed.
#include "loadgen/cli/completion.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace loadgen::cli {
namespace {

std::string output_of(const std::string& command) {
    std::string output;
    FILE* pipe = ::popen(command.c_str(), "r");
    char buffer[4096];
    while (const std::size_t size = std::fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, size);
    ::pclose(pipe);
    return output;
}

std::string script_file(const std::string& shell) {
    const std::string path = testing::TempDir() + "loadgen_completion." + shell;
    std::ofstream(path) << *completion_script(shell);
    return path;
}

std::string bash_completes(const std::string& words, int position) {
    return output_of("bash -c 'source " + script_file("bash") + "; COMP_WORDS=(loadgen " + words +
                     "); COMP_CWORD=" + std::to_string(position) + "; _loadgen; echo ${COMPREPLY[@]}'");
}

TEST(Completion, BashOffersCommandsFlagsAndValues) {
    EXPECT_EQ(bash_completes("rep", 1), "report\n");
    EXPECT_EQ(bash_completes("report -ev", 2), "-every\n");
    EXPECT_EQ(bash_completes("encode -to c", 3), "csv\n");
    EXPECT_EQ(bash_completes("completion b", 2), "bash\n");
}

TEST(Completion, OtherShellsParseTheirs) {
    for (const std::string shell : {"zsh", "fish"}) {
        if (std::system(("command -v " + shell + " > /dev/null").c_str()) != 0) continue;
        EXPECT_EQ(std::system((shell + " -n " + script_file(shell)).c_str()), 0) << shell;
    }
    EXPECT_NE(completion_script("zsh")->find("'*-to[The encoding.]:json|csv|gob:(json csv gob)'"),
              std::string::npos);
    EXPECT_NE(completion_script("fish")->find("-o to -d 'The encoding.' -x -a 'json csv gob'"),
              std::string::npos);
}

TEST(Completion, NamesTheShellsThereAre) {
    EXPECT_EQ(completion_script("tcsh").error().message, "found shell \"tcsh\", expected bash, zsh or fish");
}

}  // namespace
}  // namespace loadgen::cli
