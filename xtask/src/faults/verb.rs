//! The verbs: what stands there before, what the program is told, and what must stand there after.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::stage::{Service, State, Tree};

/// Something a person asks of the program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Verb {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    scene: fn(Service) -> Scene,
    only: Option<Service>,
}

/// A verb made concrete for one service.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) watched: Vec<Watched>,
    pub(super) arguments: Vec<Argument>,
    /// A local file on standard input.
    pub(super) input: Option<&'static str>,
    pub(super) output: Output,
    /// What may go half-way: each thing that is deleted is gone or there.
    pub(super) settings: Vec<(&'static str, &'static str)>,
}

/// A path, what stands there at first, and what must stand there when the program is content.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) tree: Tree,
    pub(super) path: &'static str,
    pub(super) before: State,
    pub(super) after: State,
}

#[derive(Debug)]
pub(super) enum Argument {
    Text(&'static str),
    Target(Service, &'static str),
}

/// What the program must print when it is content.
#[derive(Debug)]
pub(super) enum Output {
    /// A document, whatever is in it.
    Document,
    /// A document with exactly these entries: name and size, `None` for folders.
    Listing(Vec<(&'static str, Option<u64>)>),
    /// A document of a file of this size.
    Size(u64),
    /// These bytes.
    Bytes(Vec<u8>),
}

impl Verb {
    /// What it comes to on this service; `None` if the service has no such thing.
    pub(super) fn on(&self, service: Service) -> Option<Scene> {
        self.only.is_none_or(|only| only == service).then(|| (self.scene)(service))
    }
}

/// Every verb, in the order of the columns.
pub(super) const VERBS: &[Verb] = &[
    verb("test", "`test`", |service| Scene::new(service, "test", &["matrix/file.bin"])),
    verb("ls", "`ls` of a folder, in pages of three", ls),
    verb("stat", "`stat` of a file", |service| Scene {
        output: Output::Size(SMALL as u64),
        ..Scene::new(service, "stat", &["matrix/file.bin"])
    }),
    verb("cat", "`cat` of a small file", |service| Scene {
        output: Output::Bytes(bytes(1, SMALL)),
        ..Scene::new(service, "cat", &["matrix/file.bin"])
    }),
    verb("get", "`get` of a small file to a name that is free", |service| {
        get(service, State::Nothing, SMALL)
    }),
    verb("get over", "`get` of 300 kB over an older file", |service| {
        get(service, State::File(bytes(9, 700)), MEDIUM)
    }),
    verb("put", "`put` of a small file to a name that is free", |service| {
        put(service, State::Nothing, SMALL)
    }),
    verb("put over", "`put` of a file in several parts over an older file", |service| {
        put(service, State::File(bytes(9, 700)), large(service))
    }),
    verb("put -", "`put` of standard input, which can be read once only, in several parts", stream),
    verb("cp here", "`cp` from the other service to this one, over an older file", |service| {
        cp(other(service), service)
    }),
    verb("cp there", "`cp` from this service to the other, over an older file", |service| {
        cp(service, other(service))
    }),
    Verb {
        only: Some(Service::FilesCom),
        ..verb("cp within", "`cp` of a file within the service", |service| {
            Scene::new(service, "cp", &["matrix/file.bin", "matrix/copy.bin"]).changing(
                tree(service),
                "matrix/copy.bin",
                State::Nothing,
                State::File(bytes(1, SMALL)),
            )
        })
    },
    verb("mkdir", "`mkdir` of a folder and its parent", mkdir),
    verb("rm", "`rm` of a file", |service| {
        let scene = Scene::new(service, "rm", &["matrix/old.bin"]);
        scene.changing(tree(service), "matrix/old.bin", file(3), State::Nothing)
    }),
    verb("rm -r", "`rm -r` of a folder", rm_tree),
    verb("mv", "`mv` of a file to another folder", |service| {
        let scene = Scene::new(service, "mv", &["matrix/old.bin", "matrix/to/new.bin"]);
        let scene = scene.keeping(tree(service), "matrix/to", State::Folder);
        let scene = scene.changing(tree(service), "matrix/old.bin", file(3), State::Nothing);
        scene.changing(tree(service), "matrix/to/new.bin", State::Nothing, file(3))
    }),
    verb("mv folder", "`mv` of a folder", mv_tree),
];

const fn verb(name: &'static str, about: &'static str, scene: fn(Service) -> Scene) -> Verb {
    Verb { name, about, scene, only: None }
}

impl Scene {
    /// A command with targets on a service. `matrix/file.bin` stands there, and stays.
    fn new(service: Service, command: &'static str, targets: &[&'static str]) -> Self {
        let mut arguments = vec![Argument::Text(command)];
        arguments.extend(targets.iter().map(|path| Argument::Target(service, path)));
        let scene = Self {
            watched: Vec::new(),
            arguments,
            input: None,
            output: Output::Document,
            settings: settings(service).to_vec(),
        };
        scene.keeping(tree(service), "matrix/file.bin", State::File(bytes(1, SMALL)))
    }

    fn keeping(self, tree: Tree, path: &'static str, state: State) -> Self {
        self.changing(tree, path, state.clone(), state)
    }

    fn changing(mut self, tree: Tree, path: &'static str, before: State, after: State) -> Self {
        self.watched.retain(|watched| (watched.tree, watched.path) != (tree, path));
        self.watched.push(Watched { tree, path, before, after });
        self
    }

    fn with(mut self, argument: Argument) -> Self {
        self.arguments.push(argument);
        self
    }
}

fn ls(service: Service) -> Scene {
    let mut scene = Scene::new(service, "ls", &["matrix/list"]);
    for (path, name) in LISTED {
        let state = State::File(vec![b'x'; name.len()]);
        scene = scene.keeping(tree(service), path, state);
    }
    scene = scene.keeping(tree(service), "matrix/list/sub", State::Folder);
    let mut entries: Vec<_> =
        LISTED.iter().map(|(_, name)| (*name, Some(name.len() as u64))).collect();
    entries.push(("sub", None));
    scene.output = Output::Listing(entries);
    scene.settings.push(("page_size", "3"));
    scene
}

fn get(service: Service, old: State, length: usize) -> Scene {
    let content = State::File(bytes(2, length));
    Scene::new(service, "get", &["matrix/source.bin"])
        .with(Argument::Text("here/got.bin"))
        .keeping(tree(service), "matrix/source.bin", content.clone())
        .keeping(Tree::Local, "here", State::Folder)
        .changing(Tree::Local, "here/got.bin", old, content)
}

fn put(service: Service, old: State, length: usize) -> Scene {
    let content = State::File(bytes(2, length));
    let mut scene = Scene::new(service, "put", &[])
        .with(Argument::Text("here/source.bin"))
        .with(Argument::Target(service, "matrix/stored.bin"))
        .keeping(Tree::Local, "here", State::Folder)
        .keeping(Tree::Local, "here/source.bin", content.clone())
        .changing(tree(service), "matrix/stored.bin", old, content);
    scene.settings.extend(SMALL_PARTS.iter().filter(|(of, _)| *of == service).map(|(_, set)| *set));
    scene
}

fn stream(service: Service) -> Scene {
    let mut scene = put(service, State::Nothing, large(service));
    scene.input = Some("here/source.bin");
    if let Some(source) = scene.arguments.get_mut(1) {
        *source = Argument::Text("-");
    }
    scene
}

fn cp(from: Service, to: Service) -> Scene {
    let content = State::File(bytes(2, MEDIUM));
    let mut scene = Scene::new(from, "cp", &["matrix/source.bin"])
        .with(Argument::Target(to, "matrix/stored.bin"))
        .keeping(tree(from), "matrix/source.bin", content.clone())
        .changing(tree(to), "matrix/stored.bin", State::File(bytes(9, 700)), content);
    scene.settings.extend(settings(to));
    scene.settings.extend(SMALL_PARTS.iter().map(|(_, set)| *set));
    scene
}

fn mkdir(service: Service) -> Scene {
    Scene::new(service, "mkdir", &["matrix/new/deep"])
        .changing(tree(service), "matrix/new", State::Nothing, State::Folder)
        .changing(tree(service), "matrix/new/deep", State::Nothing, State::Folder)
}

fn rm_tree(service: Service) -> Scene {
    let scene = Scene::new(service, "rm", &["matrix/tree"]).with(Argument::Text("-r"));
    let gone =
        |scene: Scene, path, before| scene.changing(tree(service), path, before, State::Nothing);
    let scene = gone(scene, "matrix/tree", State::Folder);
    let scene = gone(scene, "matrix/tree/a.bin", file(3));
    let scene = gone(scene, "matrix/tree/deep", State::Folder);
    gone(scene, "matrix/tree/deep/b.bin", file(4))
}

fn mv_tree(service: Service) -> Scene {
    let mut scene = Scene::new(service, "mv", &["matrix/tree", "matrix/moved"]);
    for (from, to, state) in [
        ("matrix/tree", "matrix/moved", State::Folder),
        ("matrix/tree/a.bin", "matrix/moved/a.bin", file(3)),
        ("matrix/tree/deep", "matrix/moved/deep", State::Folder),
        ("matrix/tree/deep/b.bin", "matrix/moved/deep/b.bin", file(4)),
    ] {
        scene = scene.changing(tree(service), from, state.clone(), State::Nothing);
        scene = scene.changing(tree(service), to, State::Nothing, state);
    }
    scene
}

pub(super) fn tree(service: Service) -> Tree {
    match service {
        Service::FilesCom => Tree::FilesCom,
        Service::Mft => Tree::Mft,
    }
}

fn other(service: Service) -> Service {
    match service {
        Service::FilesCom => Service::Mft,
        Service::Mft => Service::FilesCom,
    }
}

fn file(seed: u32) -> State {
    State::File(bytes(seed, SMALL))
}

/// Enough for three parts, the last one too long for any fault to strike behind it: whichever comes
/// last meets the same.
fn large(service: Service) -> usize {
    match service {
        Service::FilesCom => 11 * 1024 * 1024 + 20_007,
        Service::Mft => 150 * 1024 + 7,
    }
}

/// Bytes that repeat nowhere near. They are made once: a scene is set thousands of times.
fn bytes(seed: u32, length: usize) -> Vec<u8> {
    static MADE: Mutex<BTreeMap<(u32, usize), Vec<u8>>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry((seed, length)).or_insert_with(|| noise(seed, length)).clone()
}

fn noise(seed: u32, length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32.wrapping_mul(seed + 1);
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        Some((state >> 8) as u8)
    };
    std::iter::from_fn(next).take(length).collect()
}

/// So that a run takes moments: people have minutes, and their delays are these, only longer.
fn settings(service: Service) -> &'static [(&'static str, &'static str)] {
    match service {
        Service::FilesCom => &[
            ("timeout", "5s"),
            ("retry_delay", "1ms"),
            ("retry_delay_limit", "5ms"),
            ("poll_interval", "8ms"),
            ("checksum_wait", "200ms"),
            ("migration_timeout", "10s"),
        ],
        Service::Mft => &[("timeout", "5s"), ("retry_delay", "1ms"), ("retry_delay_limit", "5ms")],
    }
}

/// The least that each service takes.
const SMALL_PARTS: [(Service, (&str, &str)); 2] =
    [(Service::FilesCom, ("part_size", "5MiB")), (Service::Mft, ("chunk_size", "64KiB"))];

const LISTED: [(&str, &str); 6] = [
    ("matrix/list/a.txt", "a.txt"),
    ("matrix/list/bb.txt", "bb.txt"),
    ("matrix/list/ccc.txt", "ccc.txt"),
    ("matrix/list/dddd.txt", "dddd.txt"),
    ("matrix/list/e e.txt", "e e.txt"),
    ("matrix/list/\u{e9}100%.txt", "\u{e9}100%.txt"),
];

const SMALL: usize = 3000;
const MEDIUM: usize = 300_000;
