"""Certificates made with openssl at test time: an own authority, and servers that are right or wrong in one way."""

import datetime
import pathlib
import subprocess
from typing import NamedTuple

AUTHORITY_CONFIGURATION = """\
[ca]
default_ca = own
[own]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = anything
unique_subject = no
[anything]
commonName = supplied
[v3_authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[v3_leaf]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth,clientAuth
subjectAltName = {names}
"""


class Certificate(NamedTuple):
    chain: pathlib.Path
    key: pathlib.Path


def openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise ChildProcessError(f"openssl {' '.join(map(str, arguments))}:\n{done.stderr}")


def stamp(days_from_now):
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days_from_now)
    return when.strftime("%Y%m%d%H%M%SZ")


class Authority:
    """A certificate authority of our own in `folder`. `ca_file` is what a client must trust."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "index.txt").touch()
        self.ca_file = self.folder / "authority.pem"
        self.key = self.folder / "authority.key"
        configuration = self._configuration("DNS:unused.invalid")
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                "/CN=loadgen test authority", "-days", "2", "-config", configuration, "-extensions", "v3_authority",
                "-keyout", self.key, "-out", self.ca_file)

    def _configuration(self, names):
        path = self.folder / "authority.cnf"
        text = AUTHORITY_CONFIGURATION.format(folder=self.folder, names=names)
        path.write_text(text + "[req]\ndistinguished_name = dn\n[dn]\n")
        return path

    def issue(self, name, subject_names="DNS:localhost,IP:127.0.0.1,IP:::1", days=(-1, 1)):
        """A leaf valid from days[0] to days[1] days from now, for the given subject alternative names."""
        configuration = self._configuration(subject_names)
        key, request, leaf = (self.folder / f"{name}.{ending}" for ending in ("key", "csr", "pem"))
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                "-config", configuration, "-keyout", key, "-out", request)
        openssl("ca", "-batch", "-config", configuration, "-extensions", "v3_leaf", "-cert", self.ca_file, "-keyfile",
                self.key, "-startdate", stamp(days[0]), "-enddate", stamp(days[1]), "-in", request, "-notext", "-out", leaf)
        return Certificate(leaf, key)

    def server(self):
        return self.issue("server")

    def client(self):
        return self.issue("client", "DNS:client.invalid")

    def wrong_name(self):
        return self.issue("wrong-name", "DNS:elsewhere.invalid")

    def expired(self):
        return self.issue("expired", days=(-3, -2))

    def self_signed(self):
        """Signed by itself; no authority vouches for it."""
        key, leaf = self.folder / "self-signed.key", self.folder / "self-signed.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
                "-days", "1", "-config", self._configuration("DNS:localhost,IP:127.0.0.1"), "-extensions", "v3_leaf",
                "-keyout", key, "-out", leaf)
        return Certificate(leaf, key)
