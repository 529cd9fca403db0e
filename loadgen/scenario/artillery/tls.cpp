#include "loadgen/scenario/artillery/tls.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "loadgen/scenario/artillery/settings.hpp"

namespace loadgen::scenario::artillery {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{16} << 20;

std::string engine_of(const Compilation& compilation, const Spot& scenario) {
    const Spot own = scenario.member("engine");
    return read_text(own ? own : compilation.config().member("engine"), "http");
}

/// Where settings of TLS may stand, config.tls first.
std::vector<Spot> tls_places(const Compilation& compilation) {
    const Spot config = compilation.config();
    std::vector<Spot> places{config.member("tls")};
    const Spot scenarios = compilation.root_spot().member("scenarios");
    for (std::size_t i = 0; scenarios && i < scenarios->items.size(); ++i) {
        const Spot scenario = scenarios.item(i);
        if (engine_of(compilation, scenario) != "ws") continue;
        if (places.size() == 1) places.push_back(config.member("ws"));
        const Spot flow = scenario.member("flow");
        if (flow && flow->is_list() && !flow->items.empty()) places.push_back(flow.item(0).member("connect"));
    }
    return places;
}

bool any_http(const Compilation& compilation) {
    const Spot scenarios = compilation.root_spot().member("scenarios");
    for (std::size_t i = 0; scenarios && i < scenarios->items.size(); ++i)
        if (engine_of(compilation, scenarios.item(i)) == "http") return true;
    return false;
}

class TlsCompiler {
  public:
    TlsCompiler(Compilation& compilation, plan::TlsPolicy& tls)
        : compilation_(compilation), tls_(tls), any_http_(any_http(compilation)) {}

    void compile() {
        tls_.verify = !compilation_.options.insecure;
        for (const Spot& place : tls_places(compilation_)) {
            const Spot verify = place.member("rejectUnauthorized");
            if (!read_bool(verify, true)) {
                if (tls_.verify) note_for_all(verify);
                tls_.verify = false;
            }
            identity(place);
            authorities(place.member("ca"));
            for_sockets_ = true;
        }
        check_pair();
        const Spot spot = compilation_.config().member("tls");
        for (const char* name : {"pfx", "passphrase", "servername"})
            if (const Spot setting = spot.member(name))
                compilation_.findings.error(setting.key_place, setting.path, "is not supported");
    }

  private:
    Compilation& compilation_;
    plan::TlsPolicy& tls_;
    bool any_http_;
    bool for_sockets_ = false;
    std::string identity_place_;  ///< that named the certificate or key, or the first of them
    Spot certificate_;
    Spot key_;
    bool certificate_has_key_ = false;

    void note_for_all(const Spot& setting) {
        if (for_sockets_ && any_http_)
            compilation_.findings.warning(setting, "holds for HTTP requests, too: a run has one setting");
    }

    std::string file(const Spot& setting) {
        const std::string text = read_text(setting);
        if (text.starts_with("-----BEGIN"))
            compilation_.findings.error(
                setting, "found the text of a certificate or key, expected the path of its file");
        return text.empty() ? text : compilation_.resolve(text);
    }

    /// Its text, empty with an error told when a run could not use it.
    std::string read(const Spot& setting, const std::string& path) {
        if (read_text(setting).starts_with("-----BEGIN")) return {};
        const auto text = compilation_.read_file(path, kMaxFileBytes);
        if (text && text->find("-----BEGIN ") != std::string::npos) return *text;
        compilation_.findings.error(
            setting,
            text ? path + ": holds nothing in PEM, which begins with -----BEGIN" : text.error().message);
        return {};
    }

    /// A file may hold both a certificate and its key.
    void check_pair() {
        if (key_ && !certificate_)
            compilation_.findings.error(key_.key_place, key_.path,
                                        "needs cert: the certificate that it belongs to");
        if (certificate_ && !key_ && !certificate_has_key_)
            compilation_.findings.error(certificate_.key_place, certificate_.path,
                                        "needs key, for there is none in its file");
    }

    /// Certificate and key of the client belong together: what another place says of one of them holds only
    /// if it does not contradict.
    void identity(const Spot& place) {
        struct Part {
            Spot setting;
            std::string named;
            std::string& used;
            Spot& used_setting;
            bool differs() const { return !named.empty() && named != used; }
        };
        const auto part = [&](const char* name, std::string& used, Spot& used_setting) {
            const Spot setting = place.member(name);
            return Part{setting, file(setting), used, used_setting};
        };
        const Part parts[] = {part("cert", tls_.certificate_file, certificate_),
                              part("key", tls_.key_file, key_)};
        const bool contradicts = std::any_of(std::begin(parts), std::end(parts), [](const Part& each) {
            return each.differs() && !each.used.empty();
        });
        for (const Part& each : parts) {
            if (!each.differs()) continue;
            if (contradicts) {
                compilation_.findings.warning(
                    each.setting,
                    "is not used: a run has one certificate with its key, that of " + identity_place_);
                continue;
            }
            each.used = each.named;
            each.used_setting = each.setting;
            const std::string text = read(each.setting, each.named);
            // What cannot be read is told already.
            certificate_has_key_ =
                certificate_has_key_ || text.empty() || text.find("PRIVATE KEY") != std::string::npos;
            note_for_all(each.setting);
            if (identity_place_.empty()) identity_place_ = place.path;
        }
    }

    void authorities(const Spot& setting) {
        bool any_new = false;
        const auto add = [&](const Spot& authority) {
            std::string path = file(authority);
            if (std::find(tls_.ca_files.begin(), tls_.ca_files.end(), path) != tls_.ca_files.end()) return;
            read(authority, path);
            tls_.ca_files.push_back(std::move(path));
            any_new = true;
        };
        if (setting && setting->is_list()) {
            for (std::size_t i = 0; i < setting->items.size(); ++i) add(setting.item(i));
        } else if (setting) {
            add(setting);
        }
        if (any_new) note_for_all(setting);
    }
};

}  // namespace

void compile_tls(Compilation& compilation, plan::TlsPolicy& tls) {
    TlsCompiler(compilation, tls).compile();
}

}  // namespace loadgen::scenario::artillery
