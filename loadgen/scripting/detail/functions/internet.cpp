// Fake internet: hosts, addresses, files, commits. Hosts are those that nobody can have (RFC 2606).
#include "common/base/uuid.hpp"
#include "loadgen/scripting/detail/functions/families.hpp"
#include "loadgen/scripting/detail/functions/tools.hpp"
#include "loadgen/scripting/detail/functions/words.hpp"

namespace loadgen::scripting {
namespace {

std::string host(Random& random) {
    std::string name(any_of(random, words::kNouns));
    (name += '-') += any_of(random, words::kNouns);
    return name += ".example";
}

std::string url(Random& random) {
    std::string made = "https://" + host(random) + '/';
    return made += any_of(random, words::kNouns);
}

std::string image(Random& random) {
    return "https://" + host(random) + "/images/" + filled(random, "######") + ".jpg";
}

/// Of the networks for documentation (RFC 5737).
std::string ipv4(Random& random) {
    constexpr std::array<std::string_view, 3> kNetworks{"192.0.2.", "198.51.100.", "203.0.113."};
    std::string made(any_of(random, kNetworks));
    return made += std::to_string(whole_between(random, 1, 254));
}

/// Of the prefix for documentation (RFC 3849).
std::string ipv6(Random& random) {
    std::string made = "2001:db8";
    for (int i = 0; i < 6; ++i) made += ':' + hex_digits(random, 4);
    return made;
}

/// Locally administered.
std::string mac(Random& random) {
    std::string made = "02";
    for (int i = 0; i < 5; ++i) made += ':' + hex_digits(random, 2);
    return made;
}

text::Value port(text::CallContext& context, Arguments) {
    return text::Value(static_cast<double>(whole_between(context.random, 1024, 65'535)));
}

std::string version(Random& random) {
    std::string made = std::to_string(random.below(10));
    for (int i = 0; i < 2; ++i) made += '.' + std::to_string(random.below(20));
    return made;
}

std::string slug(Random& random) {
    std::string made(any_of(random, words::kAdjectives));
    (made += '-') += any_of(random, words::kNouns);
    return (made += '-') += any_of(random, words::kNouns);
}

std::string file_name(Random& random) {
    std::string made(any_of(random, words::kNouns));
    (made += '_') += any_of(random, words::kNouns);
    return (made += '.') += any_of(random, words::kFileEnds);
}

std::string file_path(Random& random) {
    return std::string(any_of(random, words::kFolders)) + '/' + file_name(random);
}

std::string commit(Random& random) {
    return hex_digits(random, 40);
}

std::string short_commit(Random& random) {
    return hex_digits(random, 7);
}

std::string branch(Random& random) {
    std::string made(any_of(random, words::kVerbs));
    return (made += '-') += any_of(random, words::kNouns);
}

std::string uuid(Random& random) {
    return new_uuid(random);
}

constexpr std::array kFunctions{
    fake("$randUuid", made_by<uuid>, "$randUuid(): a random UUID"),
    fake("$randUrl", made_by<url>, "$randUrl(): a page of a host that does not exist"),
    fake("$randImg", made_by<image>, "$randImg(): a picture of a host that does not exist"),
    fake("$randDomainName", made_by<host>, "$randDomainName(): a host that does not exist"),
    fake("$randDomainSuffix", one_of<words::kDomainEnds>, "$randDomainSuffix(): such as org"),
    fake("$randEmailProvider", one_of<words::kMailHosts>, "$randEmailProvider(): a host for mail"),
    fake("$randIp", made_by<ipv4>, "$randIp(): an address for documentation"),
    fake("$randIpv6", made_by<ipv6>, "$randIpv6(): an address for documentation"),
    fake("$randMac", made_by<mac>, "$randMac(): a hardware address"),
    fake("$randPort", port, "$randPort(): 1024 to 65535"),
    fake("$randUserAgent", one_of<words::kUserAgents>, "$randUserAgent(): what a browser calls itself"),
    fake("$randHttpMethod", one_of<words::kMethods>, "$randHttpMethod(): such as PUT"),
    fake("$randProtocol", one_of<words::kProtocols>, "$randProtocol(): http or https"),
    fake("$randMimeType", one_of<words::kMimeTypes>, "$randMimeType(): such as text/css"),
    fake("$randSemver", made_by<version>, "$randSemver(): three numbers"),
    fake("$randSlug", made_by<slug>, "$randSlug(): words with dashes"),
    fake("$randFileName", made_by<file_name>, "$randFileName(): a file"),
    fake("$randFileExt", one_of<words::kFileEnds>, "$randFileExt(): such as pdf"),
    fake("$randFilePath", made_by<file_path>, "$randFilePath(): a file in a folder"),
    fake("$randDirectoryPath", one_of<words::kFolders>, "$randDirectoryPath(): a folder"),
    fake("$randGitCommitSha", made_by<commit>, "$randGitCommitSha(): 40 hex digits"),
    fake("$randGitShortSha", made_by<short_commit>, "$randGitShortSha(): 7 hex digits"),
    fake("$randGitBranch", made_by<branch>, "$randGitBranch(): the name of a branch"),
    fake("$stringUuid", made_by<uuid>, "$stringUuid(): a random UUID"),
    fake("$internetUrl", made_by<url>, "$internetUrl(): a page of a host that does not exist"),
    fake("$internetDomainName", made_by<host>, "$internetDomainName(): a host that does not exist"),
    fake("$internetIp", made_by<ipv4>, "$internetIp(): an address for documentation"),
    fake("$internetIpv4", made_by<ipv4>, "$internetIpv4(): an address for documentation"),
    fake("$internetIpv6", made_by<ipv6>, "$internetIpv6(): an address for documentation"),
    fake("$internetMac", made_by<mac>, "$internetMac(): a hardware address"),
    fake("$internetPort", port, "$internetPort(): 1024 to 65535"),
    fake("$internetUserAgent", one_of<words::kUserAgents>,
         "$internetUserAgent(): what a browser calls itself"),
    fake("$internetHttpMethod", one_of<words::kMethods>, "$internetHttpMethod(): such as PUT"),
    fake("$systemFileName", made_by<file_name>, "$systemFileName(): a file"),
    fake("$gitCommitSha", made_by<commit>, "$gitCommitSha(): 40 hex digits"),
};

}  // namespace

Family internet_functions() {
    return kFunctions;
}

}  // namespace loadgen::scripting
