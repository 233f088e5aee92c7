//! TLS for the clients: which library, which crypto, which roots.

pub(super) use backend::{Config, without_roots};

#[cfg(feature = "rustls-no-provider")]
mod backend {
    use std::sync::Arc;

    use rustls::crypto::CryptoProvider;
    use rustls::{ClientConfig, RootCertStore};
    use rustls_platform_verifier::Verifier;

    use crate::error::{Error, Result};

    /// A configuration whose root certificates were read; shared by all clients with TLS.
    pub(crate) struct Config(ClientConfig);

    impl Config {
        pub(crate) fn with_platform_roots() -> Result<Self> {
            let provider = provider()?;
            let verifier = Verifier::new(Arc::clone(&provider)).map_err(unusable)?;
            let config = ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .map_err(unusable)?
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(verifier))
                .with_no_client_auth();
            Ok(Self(config))
        }

        pub(crate) fn apply(
            &self,
            builder: reqwest::ClientBuilder,
            data: bool,
        ) -> reqwest::ClientBuilder {
            let mut config = self.0.clone();
            config.alpn_protocols = match data {
                true => vec![b"http/1.1".to_vec()],
                false => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
            };
            builder.tls_backend_preconfigured(config)
        }
    }

    /// For clients that speak plain HTTP only: nothing is read, no certificate would be accepted.
    pub(crate) fn without_roots(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder> {
        let config = ClientConfig::builder_with_provider(provider()?)
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        Ok(builder.tls_backend_preconfigured(config))
    }

    #[cfg(feature = "rustls")]
    fn provider() -> Result<Arc<CryptoProvider>> {
        Ok(Arc::new(rustls::crypto::ring::default_provider()))
    }

    #[cfg(not(feature = "rustls"))]
    fn provider() -> Result<Arc<CryptoProvider>> {
        CryptoProvider::get_default().cloned().ok_or_else(|| {
            Error::invalid(
                "the application installed no rustls crypto provider: call \
                 rustls::crypto::CryptoProvider::install_default, or enable the feature rustls",
            )
        })
    }

    fn unusable(error: rustls::Error) -> Error {
        Error::invalid("TLS cannot be set up").with_source(error)
    }
}

#[cfg(not(feature = "rustls-no-provider"))]
mod backend {
    use crate::error::Result;

    /// The platform's library configures itself.
    pub(crate) struct Config;

    impl Config {
        pub(crate) fn with_platform_roots() -> Result<Self> {
            Ok(Self)
        }

        pub(crate) fn apply(
            &self,
            builder: reqwest::ClientBuilder,
            _: bool,
        ) -> reqwest::ClientBuilder {
            builder
        }
    }

    /// For clients that speak plain HTTP only: no root certificate is read.
    pub(crate) fn without_roots(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder> {
        #[cfg(feature = "native-tls")]
        let builder = builder.tls_certs_only([]);
        Ok(builder)
    }
}
