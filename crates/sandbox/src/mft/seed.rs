//! The sample tree and users every sandbox begins with.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::account::{Directory, Group, Role, User};
use super::id::{Id, Mint};
use super::node::FolderType;
use super::rights::Rights;
use super::tree::{Stamp, Tree};
use super::world::World;
use crate::blob::{Blob, Store};

/// A world with the tree of the printed samples and more.
///
/// ```text
/// FOLDERS                            1 root folder
/// ├─ Welcome.txt
/// ├─ COMMON                          5 root for common folders
/// │  ├─ Partner Exchange             0 all that Partner sees
/// │  └─ Policies
/// └─ HOME                            6 root for home folders
///    ├─ Admin                        2 home folder
///    │  ├─ Drop Box                  4 clerk may put in, not look
///    │  └─ My Documents              3 with 2.html of the sample
///    ├─ auditor
///    └─ clerk
/// ```
pub(crate) fn world(
    seed: u64,
    passwords: impl Fn(&str) -> Option<String>,
    filled: bool,
    store: &Store,
) -> World {
    let mut mint = Mint::new(seed);
    let admin = fixed("1Q1OBQWVHTROE", &mut mint);
    let root = mint.id();
    let stamp = Stamp { by: admin, at: date(1_337_174_868_623) };
    let mut nursery = Nursery { tree: Tree::new(root, stamp), mint, stamp, store };
    let places = nursery.plant();
    if filled {
        nursery.fill(&places);
    }
    let directory = nursery.settle(&places, &passwords);
    let site = fixed("14RD6GNEUV4ZV", &mut nursery.mint);
    World::new(nursery.tree, directory, site, nursery.mint)
}

/// Name, password, role: for those of whom the sandbox's accounts know nothing else.
pub(crate) const USERS: [(&str, &str, Role); 4] = [
    ("Admin", "AdminPassword51c7", Role::Administrator),
    ("auditor", "AuditorPassword27d4", Role::Manager),
    ("clerk", "ClerkPassword60b9", Role::Member),
    ("Partner", "PartnerPassword84e2", Role::Guest),
];

struct Nursery<'a> {
    tree: Tree,
    mint: Mint,
    stamp: Stamp,
    store: &'a Store,
}

/// Folders that rights and homes refer to.
struct Places {
    root: Id,
    common: Id,
    exchange: Id,
    policies: Id,
    confidential: Id,
    documents: Id,
    drop_box: Id,
    homes: HashMap<&'static str, Id>,
}

impl Nursery<'_> {
    fn plant(&mut self) -> Places {
        let root = self.tree.root();
        let common = self.folder(root, "COMMON", FolderType::CommonRoot);
        let exchange = self.folder(common, "Partner Exchange", FolderType::Regular);
        let policies = self.folder(common, "Policies", FolderType::Regular);
        let confidential = self.folder(policies, "Confidential", FolderType::Regular);
        let home = fixed("11ETULS0966VI", &mut self.mint);
        self.folder_as(home, root, "HOME", FolderType::HomeRoot);
        let admin = fixed("0QN8H2VKTGIWE", &mut self.mint);
        self.folder_as(admin, home, "Admin", FolderType::Home);
        let documents = fixed("1UTXM50KW0ISP", &mut self.mint);
        self.folder_as(documents, admin, "My Documents", FolderType::MyDocuments);
        let drop_box = self.folder(admin, "Drop Box", FolderType::DropBox);
        let mut homes = HashMap::from([("Admin", admin)]);
        for name in ["auditor", "clerk"] {
            let own = self.folder(home, name, FolderType::Home);
            self.folder(own, "My Documents", FolderType::MyDocuments);
            self.folder(own, "Drop Box", FolderType::DropBox);
            homes.insert(name, own);
        }
        Places { root, common, exchange, policies, confidential, documents, drop_box, homes }
    }

    fn fill(&mut self, places: &Places) {
        self.text(places.root, "Welcome.txt", "Welcome aboard.\n");
        let inbound = self.folder(places.exchange, "Inbound", FolderType::Regular);
        let outbound = self.folder(places.exchange, "Outbound", FolderType::Regular);
        self.text(inbound, "order-4711.xml", "<order number=\"4711\"/>\n");
        self.text(outbound, "invoice-0815.csv", "item;price\nrope;12.50\n");
        self.text(places.policies, "handbook.txt", "Always check the checksum.\n");
        self.text(places.confidential, "salaries.csv", "name;salary\n");
        self.text(places.drop_box, "dropped earlier.txt", "For your eyes only.\n");
        self.documents(places.documents);
    }

    fn documents(&mut self, folder: Id) {
        let sample = fixed("2OMFYXLA6BP9D", &mut self.mint);
        let stamp = Stamp { at: date(1_346_072_694_480), ..self.stamp };
        let page = Blob::from(Bytes::from_static(SAMPLE_PAGE.as_bytes()));
        let added = self.tree.add_file(sample, folder, "2.html", page, stamp);
        debug_assert!(added.is_ok());
        if let Some(node) = self.tree.node_mut(sample) {
            node.description = "The sample page".to_owned();
            node.tags = vec!["sample".to_owned(), "html".to_owned()];
        }
        self.text(folder, "empty.txt", "");
        self.folder(folder, "Empty folder", FolderType::Regular);
        let reports = self.folder(folder, "Reports", FolderType::Regular);
        let year = self.folder(reports, "2026", FolderType::Regular);
        self.text(year, "first quarter.csv", "month;tons\nJan;1200\nFeb;1340\nMar;1280\n");
        let names = self.folder(folder, "Ναῦς", FolderType::Regular);
        for name in AWKWARD_NAMES {
            self.text(names, name, name);
        }
        self.file(folder, "cargo.bin", CARGO.clone());
        let infected = self.text(folder, "infected.doc", "not a real virus\n");
        if let Some(file) = self.tree.file_mut(infected) {
            file.quarantined = true;
        }
        let unfinished = self.bytes(folder, "unfinished.iso", pattern(100_000));
        if let Some(file) = self.tree.file_mut(unfinished) {
            file.partial = true;
        }
    }

    fn settle(
        &mut self,
        places: &Places,
        passwords: &impl Fn(&str) -> Option<String>,
    ) -> Directory {
        let mut directory = Directory::default();
        let admin = self.stamp.by;
        for (name, password, role) in USERS {
            let id = match role {
                Role::Administrator => admin,
                _ => self.mint.id(),
            };
            let password = passwords(name).unwrap_or_else(|| password.to_owned());
            let mut user = self.user(id, name, password, role);
            user.home = places.homes.get(name).copied();
            user.grants = grants(name, places);
            directory.users.push(user);
        }
        let everyone: BTreeSet<Id> = directory.users.iter().map(|user| user.id).collect();
        for (name, description, modify_role, group_type, members) in [
            ("Administrators", "Built-in group", "5", "1", BTreeSet::from([admin])),
            ("Crew", "Everyone aboard", "4", "0", everyone),
        ] {
            directory.groups.push(Group {
                id: self.mint.id(),
                name: name.to_owned(),
                description: description.to_owned(),
                modify_role: modify_role.to_owned(),
                group_type: group_type.to_owned(),
                members,
            });
        }
        directory
    }

    fn user(&self, id: Id, name: &str, password: String, role: Role) -> User {
        let lower = name.to_lowercase();
        User {
            id,
            name: name.to_owned(),
            password,
            first_name: name.to_owned(),
            last_name: "Sample".to_owned(),
            email: format!("{lower}@example.com"),
            company: if role == Role::Guest {
                "Acme Shipping".to_owned()
            } else {
                "Example Harbour".to_owned()
            },
            role,
            active: true,
            created: date(1_337_174_868_567),
            modified: date(1_351_871_161_613),
            password_changed: date(1_343_838_136_630),
            created_by: (id != self.stamp.by).then_some(self.stamp.by),
            modified_by: self.stamp.by,
            home: None,
            grants: HashMap::new(),
            favorites: BTreeSet::new(),
        }
    }

    fn folder(&mut self, parent: Id, name: &str, folder_type: FolderType) -> Id {
        let id = self.mint.id();
        self.folder_as(id, parent, name, folder_type);
        id
    }

    fn folder_as(&mut self, id: Id, parent: Id, name: &str, folder_type: FolderType) {
        let added = self.tree.add_folder(id, parent, name, folder_type, self.stamp);
        debug_assert!(added.is_ok());
    }

    fn text(&mut self, parent: Id, name: &str, text: &str) -> Id {
        self.bytes(parent, name, Bytes::copy_from_slice(text.as_bytes()))
    }

    fn bytes(&mut self, parent: Id, name: &str, bytes: Bytes) -> Id {
        self.file(parent, name, Blob::from(bytes))
    }

    fn file(&mut self, parent: Id, name: &str, content: Blob) -> Id {
        let (id, content) = (self.mint.id(), self.store.keep(content));
        let added = self.tree.add_file(id, parent, name, content, self.stamp);
        debug_assert!(added.is_ok());
        id
    }
}

fn grants(name: &str, places: &Places) -> HashMap<Id, Rights> {
    let look = Rights::SHOW | Rights::READ | Rights::DOWNLOAD;
    let exchange = look | Rights::CREATE | Rights::MODIFY | Rights::DELETE;
    let mut grants = HashMap::new();
    match name {
        "Admin" => {
            grants.insert(places.root, Rights::SAMPLE);
        }
        "auditor" => {
            grants.insert(places.root, look);
        }
        "clerk" => {
            grants.insert(places.common, look);
            grants.insert(places.confidential, Rights::NONE);
            grants.insert(places.drop_box, Rights::SHOW | Rights::CREATE);
            if let Some(home) = places.homes.get(name) {
                grants.insert(*home, Rights::FULL);
            }
        }
        _ => {
            grants.insert(places.exchange, exchange);
        }
    }
    grants
}

/// Bytes that do not repeat at any convenient distance.
fn pattern(length: u32) -> Bytes {
    (0..length)
        .map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes())
        .map(|[first, ..]| first)
        .collect()
}

fn fixed(id: &str, mint: &mut Mint) -> Id {
    Id::parse(id).unwrap_or_else(|| mint.id())
}

fn date(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}

/// A file of some MiB; made once, because hashing it takes longer than all else here.
static CARGO: LazyLock<Blob> = LazyLock::new(|| Blob::from(pattern(5 * 1024 * 1024 + 123)));

/// 198 bytes, the size that the sample tells of "2.html".
const SAMPLE_PAGE: &str = "<!DOCTYPE html>
<html>
<head><title>2</title></head>
<body>
<h1>Two</h1>
<p>This page is as long as the one in the sample: all one hundred and ninety-eight bytes, and none more.</p>
</body>
</html>
";

/// Names that clients get wrong.
const AWKWARD_NAMES: [&str; 9] = [
    "100% of it & more + #1; a=b?.txt",
    "%41 is no A.txt",
    "Überblick.txt",
    "e\u{301} in two characters.txt",
    "年度報告.txt",
    "приказ.txt",
    "🚢 ship.txt",
    "  leading blanks.txt",
    ".hidden",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn planted(seed: u64) -> World {
        world(seed, |_| None, true, &Store::default())
    }

    #[test]
    fn the_sample_tree_is_as_printed() {
        let world = planted(1);
        let find = |path: &str| world.tree.find(path).unwrap();
        let (node, file) = world.tree.file(find("FOLDERS/HOME/Admin/My Documents/2.html")).unwrap();
        assert_eq!(node.id.to_string(), "2OMFYXLA6BP9D");
        assert_eq!(file.content.len(), 198);
        for (path, number) in [
            ("FOLDERS", 1),
            ("FOLDERS/HOME", 6),
            ("FOLDERS/HOME/Admin", 2),
            ("FOLDERS/HOME/Admin/My Documents", 3),
            ("FOLDERS/HOME/Admin/Drop Box", 4),
            ("FOLDERS/COMMON", 5),
            ("FOLDERS/COMMON/Policies", 0),
        ] {
            let (_, folder) = world.tree.folder(find(path)).unwrap();
            assert_eq!(folder.folder_type.number(), number, "{path}");
        }
        assert_eq!(find("FOLDERS/HOME/Admin").to_string(), "0QN8H2VKTGIWE");
        let names = find("FOLDERS/HOME/Admin/My Documents/Ναῦς");
        assert_eq!(world.tree.children(names).count(), AWKWARD_NAMES.len());
    }

    #[test]
    fn the_same_seed_grows_the_same_tree() {
        let (one, two) = (planted(3), planted(3));
        assert_eq!(one.tree.root(), two.tree.root());
        assert_ne!(one.tree.root(), planted(4).tree.root());
    }

    #[test]
    fn users_see_what_they_were_given() {
        use crate::mft::access::Access;

        let world = planted(1);
        for (name, path, rights) in [
            ("Admin", "FOLDERS/COMMON/Policies", 254),
            ("auditor", "FOLDERS/HOME/Admin/Drop Box", 11),
            ("clerk", "FOLDERS", 1),
            ("clerk", "FOLDERS/HOME/Admin", 1),
            ("clerk", "FOLDERS/HOME/Admin/My Documents", 0),
            ("clerk", "FOLDERS/HOME/Admin/Drop Box", 5),
            ("clerk", "FOLDERS/HOME/clerk/My Documents", 255),
            ("clerk", "FOLDERS/COMMON/Policies/Confidential", 0),
            ("Partner", "FOLDERS/COMMON", 1),
            ("Partner", "FOLDERS/COMMON/Policies", 0),
            ("Partner", "FOLDERS/COMMON/Partner Exchange/Inbound", 207),
            ("Partner", "FOLDERS/HOME", 0),
        ] {
            let user = world.directory.named(name).unwrap();
            let access = Access::new(&world.tree, user);
            let id = world.tree.find(path).unwrap();
            assert_eq!(access.rights(id).bits(), rights, "{name} on {path}");
            let node = world.tree.node(id).unwrap();
            assert_eq!(access.sees(id), rights != 0, "{name} on {path}");
            if rights == 5 {
                assert!(access.children(node).is_err());
            }
        }
        let partner = world.directory.named("partner").unwrap();
        let access = Access::new(&world.tree, partner);
        let root = world.tree.node(world.tree.root()).unwrap();
        let seen: Vec<_> = access.below(root).iter().map(|node| node.name.as_str()).collect();
        assert_eq!(seen.first(), Some(&"COMMON"));
        assert!(!seen.contains(&"Policies") && !seen.contains(&"Welcome.txt"), "{seen:?}");
    }
}
