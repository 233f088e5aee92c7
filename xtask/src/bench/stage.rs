//! The services that are spoken to: a sandbox, and nginx for what a machine can at most.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::measure::{Run, SERVER};
use super::tools;
use super::workbench::{Bench, unusable};
use crate::outcome::Failure;
use crate::sandbox::Sandbox;

/// A sandbox on the server's processor, and how clients are told of it.
#[derive(Debug)]
pub(super) struct Stage {
    sandbox: Sandbox,
    url: String,
    key: String,
    user: String,
    password: String,
    certificate: Option<String>,
    folder: PathBuf,
}

impl Stage {
    pub(super) fn new(bench: &Bench) -> Result<Self, Failure> {
        Self::start(bench, &[])
    }

    pub(super) fn with_tls(bench: &Bench) -> Result<Self, Failure> {
        Self::start(bench, &["--tls"])
    }

    /// One that sums files up by CRC-32 alone.
    pub(super) fn with_crc32_alone(bench: &Bench) -> Result<Self, Failure> {
        Self::start(bench, &["--no-md5"])
    }

    fn start(bench: &Bench, arguments: &[&str]) -> Result<Self, Failure> {
        let core = SERVER.to_string();
        let mut command = Command::new("taskset");
        command.args(["--cpu-list", &core, &bench.tools().wharf, "sandbox", "--json"]);
        command.args(arguments);
        let sandbox = Sandbox::of(command)?;
        Ok(Self {
            url: sandbox.text("/filescom")?,
            key: sandbox.text("/keys/full")?,
            user: sandbox.text("/users/0/name")?,
            password: sandbox.text("/users/0/password")?,
            certificate: sandbox.text("/ca").ok(),
            folder: bench.folder().to_owned(),
            sandbox,
        })
    }

    /// Where Files.com is, `http://127.0.0.1:1234`.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// A path of Files.com as our program is told it.
    pub(super) fn target(&self, path: &str) -> String {
        match self.url.strip_prefix("http://") {
            Some(host) => format!("filescom+http://{host}/{path}"),
            None => format!("{}/{path}", self.url.replacen("https", "filescom", 1)),
        }
    }

    /// A path below the home folder of Boomi MFT, likewise.
    pub(super) fn mft_target(&self, path: &str) -> Result<String, Failure> {
        Ok(format!("{}HOME/{}/{path}", self.mft_root()?, self.user))
    }

    /// Boomi MFT as a whole.
    pub(super) fn mft_root(&self) -> Result<String, Failure> {
        let address = self.sandbox.text("/mft")?;
        let host = address.split_once("://").map_or(address.as_str(), |(_, host)| host);
        Ok(format!("mft+http://{}@{host}/", self.user))
    }

    pub(super) fn user(&self) -> &str {
        &self.user
    }

    /// Tells a program the secrets, and whom to trust.
    pub(super) fn told(&self, run: Run) -> Run {
        let run = run.env("FILES_API_KEY", &self.key).env("WHARF_MFT_PASSWORD", &self.password);
        match &self.certificate {
            Some(file) => run.env("SSL_CERT_FILE", file),
            None => run,
        }
    }

    /// Stores a file on Files.com, by our program.
    pub(super) fn put(&self, bench: &Bench, file: &str, path: &str) -> Result<(), Failure> {
        let run = bench.wharf().args(["put", "-q", file, &self.target(path)]).anywhere();
        self.told(run).measure(bench.folder()).map(drop)
    }

    /// Makes many files, `{"folders": 10, "files": 100, "size": 16}`, below a path of a tree.
    pub(super) fn plant(&self, tree: &str, path: &str, many: &Value) -> Result<(), Failure> {
        self.control("POST", &format!("content/{tree}/{path}/"), &many.to_string()).map(drop)
    }

    /// How long each request is on its way.
    pub(super) fn latency(&self, milliseconds: u32) -> Result<(), Failure> {
        let body = format!("{{\"milliseconds\": {milliseconds}}}");
        self.control("POST", "latency", &body).map(drop)
    }

    /// A request to the sandbox's own addresses.
    pub(super) fn control(&self, method: &str, path: &str, body: &str) -> Result<String, Failure> {
        self.curl(&["-X", method, "--data", body, &format!("{}/_sandbox/{path}", self.url)])
    }

    /// The address a file is downloaded from, which lasts for the run.
    pub(super) fn link(&self, path: &str) -> Result<String, Failure> {
        let document = self.api(&["-X", "GET"], &format!("files/{path}"))?;
        text(&document, "/download_uri")
    }

    /// The address that a file of one part is sent to.
    pub(super) fn part_link(&self, path: &str) -> Result<String, Failure> {
        let begin = format!("file_actions/begin_upload/{path}");
        text(&self.api(&["-X", "POST", "--data", ""], &begin)?, "/0/upload_uri")
    }

    /// Tells curl whom to trust.
    pub(super) fn curl_trusting(&self, run: Run) -> Run {
        match &self.certificate {
            Some(file) => run.args(["--cacert", file]),
            None => run,
        }
    }

    fn api(&self, how: &[&str], path: &str) -> Result<Value, Failure> {
        let (header, url) =
            (format!("X-FilesAPI-Key: {}", self.key), format!("{}/api/rest/v1/{path}", self.url));
        let mut arguments = how.to_vec();
        arguments.extend(["-H", &header, &url]);
        let answer = self.curl(&arguments)?;
        serde_json::from_str(&answer).map_err(|_| Failure::new(format!("{path}: no JSON came")))
    }

    fn curl(&self, arguments: &[&str]) -> Result<String, Failure> {
        let mut run = Run::new(tools::system("curl")?).args(["-sS", "--fail-with-body"]).said();
        if let Some(file) = &self.certificate {
            run = run.args(["--cacert", file]);
        }
        let answer = run.args(arguments.iter().copied()).anywhere().measure(&self.folder)?;
        Ok(answer.said)
    }

    /// A configuration for rclone.
    pub(super) fn rclone(&self, bench: &Bench) -> Result<Run, Failure> {
        let path = bench.data("rclone.conf");
        let text = format!("[fc]\ntype = filescom\nsite = {}\napi_key = {}\n", self.url, self.key);
        fs::write(&path, text).map_err(|error| unusable(&path, &error))?;
        let config = path.display().to_string();
        Ok(Run::new(bench.tools().rclone()?).args(["--config", &config, "--retries", "1"]))
    }

    /// The vendor's Python SDK.
    pub(super) fn python(&self, bench: &Bench, words: &[&str]) -> Result<Run, Failure> {
        let (python, script) = bench.tools().python()?;
        let (what, rest) = words.split_first().ok_or_else(|| Failure::new("nothing to do"))?;
        let run = Run::new(python).args([&script, *what, &self.url]);
        Ok(self.told(run.args(rest.iter().copied())))
    }

    /// The `files-sdk` crate.
    pub(super) fn files_sdk(&self, bench: &Bench, words: &[&str]) -> Result<Run, Failure> {
        let (what, rest) = words.split_first().ok_or_else(|| Failure::new("nothing to do"))?;
        let run = Run::new(bench.tools().files_sdk()?).args([*what, &self.url]);
        Ok(self.told(run.args(rest.iter().copied())))
    }
}

fn text(document: &Value, pointer: &str) -> Result<String, Failure> {
    let text = document.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    text.ok_or_else(|| Failure::new(format!("the sandbox did not answer {pointer}")))
}

/// An instance of nginx of our own that serves the bench's data.
#[derive(Debug)]
pub(super) struct Nginx {
    process: Child,
    url: String,
}

impl Nginx {
    pub(super) fn start(bench: &Bench) -> Result<Self, Failure> {
        let folder = bench.folder().join("nginx");
        fs::create_dir_all(&folder).map_err(|error| unusable(&folder, &error))?;
        let config = folder.join("nginx.conf");
        let text = config_text(&folder, &bench.data(""));
        fs::write(&config, text).map_err(|error| unusable(&config, &error))?;
        let process = Command::new("taskset")
            .args(["--cpu-list", &SERVER.to_string(), &tools::system("nginx")?])
            .arg("-p")
            .arg(&folder)
            .arg("-c")
            .arg(&config)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Failure::new(format!("nginx does not start: {error}")))?;
        let nginx = Self { process, url: format!("http://127.0.0.1:{PORT}") };
        // It answers something as soon as it listens.
        let patient = ["-s", "-o", "/dev/null", "--retry", "9", "--retry-connrefused", &nginx.url];
        Run::new(tools::system("curl")?).args(patient).anywhere().measure(bench.folder())?;
        Ok(nginx)
    }

    pub(super) fn url(&self, name: &str) -> String {
        format!("{}/{name}", self.url)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn config_text(folder: &Path, data: &Path) -> String {
    let (folder, data) = (folder.display(), data.display());
    format!(
        "daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\n\
         events {{ worker_connections 256; }}\n\
         http {{\n  access_log off;\n  sendfile on;\n  client_body_temp_path {folder}/body;\n\
           proxy_temp_path {folder}/proxy;\n  fastcgi_temp_path {folder}/fastcgi;\n\
           uwsgi_temp_path {folder}/uwsgi;\n  scgi_temp_path {folder}/scgi;\n\
           server {{ listen 127.0.0.1:{PORT}; root {data}; }}\n}}\n"
    )
}

const PORT: u16 = 48_173;
