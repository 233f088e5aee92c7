//! What the server tells about itself (Boomi: File Sharing API reference 1.16, Server).

use serde_json::Value;
use wharf_model::mft::{ServerInfo, SyncPolicy};
use wharf_transport::{Method, Request};

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

/// `GET /Server/…`: one of the groups of settings whose members are not documented.
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

    /// One of the groups of settings, as it comes: what is in them is not documented.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn settings(&self, group: Settings) -> Result<Value> {
        self.client.json(group.place(), settings(self.client.endpoints(), group)).await
    }

    /// The versions that the server speaks, as it tells them: the form is not documented.
    ///
    /// # Errors
    ///
    /// Whatever can go wrong on the way.
    pub async fn versions(&self) -> Result<Value> {
        self.client.json(Place::service_versions, versions(self.client.endpoints())).await
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
