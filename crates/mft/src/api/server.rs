//! What the server tells about itself (Boomi: File Sharing API reference 1.16, Server).

use wharf_model::mft::{
    AllowedBandwidth, AllowedBandwidthInterval, MessageSettings, MobileSettings, PasswordSettings,
    ServerInfo, ServiceVersions, SyncPolicy, UploadSettings,
};
use wharf_transport::{Method, Request};

use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::endpoints::{Endpoints, Place};
use crate::error::Result;

/// `GET /Server/Info`: what the server is.
pub fn info(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::server_info, &[])
}

/// `GET /Server/SyncPolicy`: what it wants of those who keep a copy.
pub fn sync_policy(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::server_sync_policy, &[])
}

/// `GET /Server/…`: one of the groups of settings, of which hardly a member is documented.
pub fn settings(endpoints: &Endpoints, group: Settings) -> Request {
    endpoints.rest(Method::GET, group.place(), &[])
}

/// `GET /REST/ServiceVersions`: the versions that the server speaks. Needs no session.
pub fn versions(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::service_versions, &[]).unsigned()
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct Server {
    client: Client,
}

impl Server {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// What the server is.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` without a session.
    pub async fn info(&self) -> Result<ServerInfo> {
        self.client.json(Place::server_info, info(self.client.endpoints())).await
    }

    /// What it wants of those who keep a copy.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn sync_policy(&self) -> Result<SyncPolicy> {
        self.client.json(Place::server_sync_policy, sync_policy(self.client.endpoints())).await
    }

    /// How much bandwidth is allowed. What is in it is not documented.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn bandwidth(&self) -> Result<AllowedBandwidth> {
        self.group(Settings::Bandwidth).await
    }

    /// When how much bandwidth is allowed. What is in it is not documented.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn bandwidth_interval(&self) -> Result<AllowedBandwidthInterval> {
        self.group(Settings::BandwidthInterval).await
    }

    /// The settings for messages, of which three are documented.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn message_settings(&self) -> Result<MessageSettings> {
        self.group(Settings::Message).await
    }

    /// The settings for passwords. What is in it is not documented.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn password_settings(&self) -> Result<PasswordSettings> {
        self.group(Settings::Password).await
    }

    /// The settings for uploads. What is in it is not documented.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn upload_settings(&self) -> Result<UploadSettings> {
        self.group(Settings::Upload).await
    }

    /// The settings for mobile devices. What is in it is not documented.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn mobile_settings(&self) -> Result<MobileSettings> {
        self.group(Settings::Mobile).await
    }

    /// The versions that the server speaks. The form of the answer is not documented.
    ///
    /// # Errors
    ///
    /// Whatever can go wrong on the way.
    pub async fn versions(&self) -> Result<ServiceVersions> {
        self.client.json(Place::service_versions, versions(self.client.endpoints())).await
    }

    async fn group<T: DeserializeOwned + Send>(&self, group: Settings) -> Result<T> {
        self.client.json(group.place(), settings(self.client.endpoints(), group)).await
    }
}

/// A group of settings of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Settings {
    /// How much bandwidth is allowed.
    Bandwidth,
    /// When how much bandwidth is allowed.
    BandwidthInterval,
    /// For messages.
    Message,
    /// For passwords.
    Password,
    /// For uploads.
    Upload,
    /// For mobile devices.
    Mobile,
}

impl Settings {
    fn place(self) -> Place {
        match self {
            Self::Bandwidth => Place::server_bandwidth,
            Self::BandwidthInterval => Place::server_bandwidth_interval,
            Self::Message => Place::server_message_settings,
            Self::Password => Place::server_password_settings,
            Self::Upload => Place::server_upload_settings,
            Self::Mobile => Place::server_mobile_settings,
        }
    }
}
