//! HTTPS on loopback: an authority of the sandbox's own, and the certificate it gives the faces.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
};
use tempfile::NamedTempFile;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::data::create_private;

/// How the faces speak TLS, and whom a client must trust for it.
pub(crate) struct Tls {
    ca: Authority,
    file: CaFile,
    acceptor: TlsAcceptor,
}

/// The authority: it vouches for addresses of this machine alone, even if its key should leak.
struct Authority {
    pem: String,
    key: KeyPair,
}

/// Where the authority's certificate lies.
enum CaFile {
    Kept(PathBuf),
    Temporary(NamedTempFile),
}

impl Tls {
    /// Makes what is needed to answer at these addresses. In a folder the authority is kept, so
    /// that clients trust the next sandbox there too.
    ///
    /// # Errors
    /// When the files cannot be read or written, or do not belong together.
    pub(crate) fn new(folder: Option<&Path>, addresses: &[IpAddr]) -> io::Result<Self> {
        let (ca, file) = match folder {
            Some(folder) => (Authority::kept(folder)?, CaFile::Kept(folder.join(CA_PEM))),
            None => {
                let ca = Authority::new().map_err(io::Error::other)?;
                let names = &mut tempfile::Builder::new();
                let mut file = names.prefix("wharf-sandbox-ca-").suffix(".pem").tempfile()?;
                file.write_all(ca.pem.as_bytes())?;
                (ca, CaFile::Temporary(file))
            }
        };
        let acceptor = ca.acceptor(addresses)?;
        Ok(Self { ca, file, acceptor })
    }

    pub(crate) fn ca_pem(&self) -> &str {
        &self.ca.pem
    }

    pub(crate) fn ca_file(&self) -> &Path {
        match &self.file {
            CaFile::Kept(path) => path,
            CaFile::Temporary(file) => file.path(),
        }
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }
}

impl Authority {
    fn new() -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        let pem = authority().self_signed(&key)?.pem();
        Ok(Self { pem, key })
    }

    /// The authority of a folder, made if it has none.
    fn kept(folder: &Path) -> io::Result<Self> {
        let (pem, key) = (folder.join(CA_PEM), folder.join(CA_KEY));
        if pem.exists() && key.exists() {
            let known = Self::read(&fs::read_to_string(&pem)?, &fs::read_to_string(&key)?);
            return known.ok_or_else(|| {
                let (pem, key) = (pem.display(), key.display());
                let text = format!(
                    "{pem} and {key} are not an authority and its key: remove both for a new one"
                );
                io::Error::new(ErrorKind::InvalidData, text)
            });
        }
        let new = Self::new().map_err(io::Error::other)?;
        create_private(&key)?.write_all(new.key.serialize_pem().as_bytes())?;
        fs::write(pem, &new.pem)?;
        Ok(new)
    }

    fn read(pem: &str, key: &str) -> Option<Self> {
        let key = KeyPair::from_pem(key).ok()?;
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).ok()?;
        let public = key.public_key_raw();
        let fits = certificate.windows(public.len()).any(|bytes| bytes == public);
        fits.then(|| Self { pem: pem.to_owned(), key })
    }

    fn acceptor(&self, addresses: &[IpAddr]) -> io::Result<TlsAcceptor> {
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let issuer = Issuer::new(authority(), &self.key);
        let certificate = server(addresses).and_then(|server| server.signed_by(&key, &issuer));
        let chain = vec![certificate.map_err(io::Error::other)?.der().clone()];
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(io::Error::other)?;
        let provider = Arc::new(ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

/// What the authority says of itself: always the same, so that its key is all there is to keep.
fn authority() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "wharf sandbox, this machine only");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("localhost".to_owned()),
            GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([127, 0, 0, 0], 8)),
            GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix(
                Ipv6Addr::LOCALHOST.octets(),
                128,
            )),
        ],
        excluded_subtrees: Vec::new(),
    });
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2099, 12, 31);
    params
}

/// What is said of the faces. By the system's clock, since that is what clients ask.
fn server(addresses: &[IpAddr]) -> Result<CertificateParams, rcgen::Error> {
    let usual = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    let addresses: BTreeSet<IpAddr> = addresses.iter().copied().chain(usual).collect();
    let mut names = vec!["localhost".to_owned()];
    names.extend(addresses.iter().map(IpAddr::to_string));
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "wharf sandbox");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let now = Utc::now();
    let midnight = |at: DateTime<Utc>| date_time_ymd(at.year(), at.month() as u8, at.day() as u8);
    params.not_before = midnight(now - TimeDelta::days(1));
    params.not_after = midnight(now + TimeDelta::days(LIFE));
    Ok(params)
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").field("ca_file", &self.ca_file()).finish_non_exhaustive()
    }
}

const CA_PEM: &str = "ca.pem";
const CA_KEY: &str = "ca.key";
/// Days a server's certificate is good for: some clients refuse those that live much longer.
const LIFE: i64 = 390;
