//! The root and the home folder of the account (Boomi: File Sharing API reference 1.16, Root and
//! Home).

use wharf_model::mft::{FolderInfo, Listing};
use wharf_transport::{Method, Request};

use crate::client::Client;
use crate::endpoints::{Endpoints, Place};
use crate::error::Result;
use crate::listing;

/// `GET /FileSystem/Root`: what the root is.
pub fn root(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::root, &[])
}

/// `GET /FileSystem/Root/Files`: its files.
pub fn root_files(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::root_files, &[])
}

/// `GET /FileSystem/Root/Folders`: its folders.
pub fn root_folders(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::root_folders, &[])
}

/// `GET /FileSystem/Root/Content`: both.
pub fn root_content(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::root_content, &[])
}

/// `GET /FileSystem/Home`: what the home folder is.
pub fn home(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::home, &[])
}

/// `GET /FileSystem/Home/Files`: its files.
pub fn home_files(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::home_files, &[])
}

/// `GET /FileSystem/Home/Folders`: its folders.
pub fn home_folders(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::home_folders, &[])
}

/// `GET /FileSystem/Home/Content`: both.
pub fn home_content(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::home_content, &[])
}

/// The four calls on one of the two, sent.
#[derive(Debug, Clone)]
pub struct Roots {
    client: Client,
    places: [Place; 4],
}

impl Roots {
    pub(crate) fn root(client: Client) -> Self {
        let places = [Place::root, Place::root_files, Place::root_folders, Place::root_content];
        Self { client, places }
    }

    pub(crate) fn home(client: Client) -> Self {
        let places = [Place::home, Place::home_files, Place::home_folders, Place::home_content];
        Self { client, places }
    }

    /// What the folder is.
    ///
    /// # Errors
    ///
    /// What the service refuses: of the home, that the account has none. `Protocol` where the
    /// server has another path for this: none is printed anywhere.
    pub async fn info(&self) -> Result<FolderInfo> {
        let [place, ..] = self.places;
        self.client.json(place, self.request(place)).await
    }

    /// Its files.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn files(&self) -> Result<Listing> {
        let [_, place, ..] = self.places;
        listing::whole(&self.client, place, self.request(place)).await
    }

    /// Its folders.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn folders(&self) -> Result<Listing> {
        let [_, _, place, _] = self.places;
        listing::whole(&self.client, place, self.request(place)).await
    }

    /// Both. That this call is there is said by the introduction of the reference alone.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn content(&self) -> Result<Listing> {
        let [.., place] = self.places;
        listing::whole(&self.client, place, self.request(place)).await
    }

    fn request(&self, place: Place) -> Request {
        self.client.endpoints().rest(Method::GET, place, &[])
    }
}
