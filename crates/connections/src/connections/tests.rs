//! Connections in a folder: what is saved, what is refused, and what is left of it.

use std::fs;

use tempfile::TempDir;
use wharf_connector::secrecy::SecretString;
use wharf_connector::{Factory, MemoryFactory, Target};

use super::*;

const SPECS: &[SettingSpec] = &[
    SettingSpec::new("api_key", "the key").secret().required(),
    SettingSpec::new("page_size", "entries a page"),
];

/// A service that opens for one key.
#[derive(Debug)]
struct Keyed;

impl Factory for Keyed {
    fn schemes(&self) -> &'static [&'static str] {
        &["keyed"]
    }

    fn settings(&self) -> &'static [SettingSpec] {
        SPECS
    }

    fn open(&self, target: &Target, settings: &Settings) -> Result<Arc<dyn Connector>> {
        let key = settings.secret("api_key").unwrap();
        if key.expose_secret() != "right" || settings.text("page_size").is_some_and(|n| n != "5") {
            return Err(Error::new(ErrorKind::Unauthenticated, "wrong"));
        }
        MemoryFactory.open(target, &Settings::new())
    }
}

fn registry() -> Registry {
    Registry::new().with(MemoryFactory).with(Keyed)
}

fn made_of(variables: &[(&str, &str)]) -> (TempDir, Connections) {
    let folder = tempfile::tempdir().unwrap();
    let environment = Environment::made_of(variables.iter().copied());
    let connections = Connections::at(folder.path().join("wharf"), environment);
    (folder, connections)
}

fn keyed(name: &str, reference: &str) -> Connection {
    let mut connection = Connection::new(name, "keyed://host/").unwrap();
    connection.secrets.insert("api_key".to_owned(), reference.parse().unwrap());
    connection
}

#[test]
fn nothing_saved_is_nothing_wrong() {
    let (folder, connections) = made_of(&[]);
    assert!(connections.list(&registry()).unwrap().is_empty());
    let error = connections.find("acme", &registry()).unwrap_err();
    assert!(error.remedy().unwrap().contains("connection add"), "{error:?}");
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "a look made a folder");
}

#[test]
fn secrets_come_from_where_the_reference_says() {
    let (_folder, connections) = made_of(&[("KEY", "right"), ("WRONG", "wrong")]);
    let registry = registry();
    for (name, reference, good) in [
        ("variable", "env:KEY", true),
        ("command", "command:echo right", true),
        ("plain", "plain:right", true),
        ("wrong", "env:WRONG", false),
        ("unset", "env:NEVER_SET", false),
        ("asked", "ask:", false),
    ] {
        connections.add(&keyed(name, reference), &registry).unwrap();
        let opened = connections.open(name, &registry);
        assert_eq!(opened.is_ok(), good, "{name}: {opened:?}");
        if let Err(error) = opened {
            assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{name}: {error}");
        }
    }
    assert_eq!(connections.names().unwrap().len(), 6);
}

#[test]
fn a_secret_among_the_settings_is_refused() {
    let (_folder, connections) = made_of(&[]);
    let mut connection = Connection::new("acme", "keyed://host/").unwrap();
    connection.settings.insert("api_key".to_owned(), "hunter2".to_owned());
    connections.add(&connection, &registry()).unwrap();
    let error = connections.open("acme", &registry()).unwrap_err();
    assert!(error.to_string().contains("in the clear"), "{error}");
    assert!(!format!("{error:?} {:?}", error.remedy()).contains("hunter2"));
}

#[test]
fn names_that_mean_two_things_are_refused() {
    let (_folder, connections) = made_of(&[("WHARF_CONNECTION_BOX", "memory:")]);
    let registry = registry();
    connections.add(&keyed("acme", "env:KEY"), &registry).unwrap();
    for (name, kind) in [
        ("acme", ErrorKind::AlreadyExists),
        ("ACME", ErrorKind::AlreadyExists),
        ("box", ErrorKind::AlreadyExists),
        ("memory", ErrorKind::Invalid),
        ("Keyed", ErrorKind::Invalid),
    ] {
        let error = connections.add(&keyed(name, "env:KEY"), &registry).unwrap_err();
        assert_eq!(error.kind(), kind, "{name}: {error}");
    }
    let near = connections.find("Acme", &registry).unwrap_err();
    assert_eq!(near.remedy(), Some("Did you mean `acme`?"));
}

#[test]
fn the_environment_can_hold_a_whole_connection() {
    let (_folder, connections) = made_of(&[
        ("WHARF_CONNECTION_MY_ACME", "keyed://host/"),
        ("WHARF_CONNECTION_MY_ACME__API_KEY", "env:KEY"),
        ("WHARF_CONNECTION_MY_ACME__PAGE_SIZE", "5"),
        ("KEY", "right"),
        ("WHARF_CONNECTION_BARE", "keyed://host/"),
        ("WHARF_CONNECTION_BARE__API_KEY", "hunter2"),
        ("WHARF_CONNECTION_ODD", "anna:hunter2"),
    ]);
    let registry = registry();
    assert_eq!(connections.names().unwrap(), ["bare", "my-acme", "odd"]);
    for name in ["my-acme", "my_acme", "MY-ACME"] {
        connections.open(name, &registry).unwrap();
    }
    for name in ["bare", "odd"] {
        let error = connections.open(name, &registry).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(!format!("{error:?} {:?}", error.remedy()).contains("hunter2"), "{error:?}");
    }
    let error = connections.remove("my-acme").unwrap_err();
    assert!(error.to_string().contains("environment"), "{error}");
}

#[test]
fn changes_are_made_to_what_is_there_now() {
    let (_folder, connections) = made_of(&[]);
    let registry = registry();
    for name in ["one", "two", "three"] {
        connections.add(&Connection::new(name, "memory:").unwrap(), &registry).unwrap();
    }
    connections
        .update("two", |connection| {
            connection.description = Some("second".to_owned());
            Ok(())
        })
        .unwrap();
    let before = fs::read(connections.file()).unwrap();
    let refused = connections.update("two", |connection| {
        connection.description = None;
        Err(invalid("no", "no"))
    });
    refused.unwrap_err();
    assert_eq!(fs::read(connections.file()).unwrap(), before);
    connections.rename("two", "zwei", &registry).unwrap();
    connections.rename("zwei", "ZWEI", &registry).unwrap();
    assert_eq!(
        connections.rename("one", "Three", &registry).unwrap_err().kind(),
        ErrorKind::AlreadyExists
    );
    let found = connections.find("ZWEI", &registry).unwrap();
    assert_eq!(found.description.as_deref(), Some("second"));
    connections.remove("one").unwrap();
    assert!(connections.remove("one").is_err());
    assert_eq!(connections.names().unwrap(), ["ZWEI", "three"]);
}

#[test]
fn threads_that_save_at_once_lose_nothing() {
    let (_folder, connections) = made_of(&[]);
    let registry = registry();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (connections, registry) = (&connections, &registry);
            scope.spawn(move || {
                for number in 0..10 {
                    let name = format!("c{thread}-{number}");
                    let connection = Connection::new(name, "memory:").unwrap();
                    connections.add(&connection, registry).unwrap();
                }
            });
        }
    });
    assert_eq!(connections.list(&registry).unwrap().len(), 40);
}

#[test]
#[cfg(unix)]
fn a_file_that_others_can_change_is_not_believed() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, connections) = made_of(&[]);
    let registry = registry();
    connections.add(&keyed("acme", "env:KEY"), &registry).unwrap();
    let check = |mode: u32, good: bool| {
        fs::set_permissions(connections.file(), fs::Permissions::from_mode(mode)).unwrap();
        match connections.names() {
            Ok(_) => assert!(good, "{mode:o}"),
            Err(error) => {
                assert!(!good && error.remedy().unwrap().contains("chmod 600"), "{error:?}");
            }
        }
    };
    for (mode, good) in [(0o600, true), (0o644, true), (0o664, false), (0o646, false)] {
        check(mode, good);
    }
    check(0o600, true);
    connections.add(&keyed("plain", "plain:hunter2"), &registry).unwrap();
    for (mode, good) in [(0o600, true), (0o640, false), (0o604, false)] {
        check(mode, good);
    }
}

#[test]
fn an_export_has_no_secret_of_ours() {
    let (_folder, connections) = made_of(&[]);
    let all =
        [keyed("acme", "plain:hunter2"), keyed("b2", "vault:b2/api_key"), keyed("c3", "env:KEY")];
    let text = connections.export(&all);
    assert!(!text.contains("hunter2"), "{text}");
    let read = read_exported(&SecretString::from(text)).unwrap();
    let kinds: Vec<_> = read.iter().map(|found| found.secrets["api_key"].kind()).collect();
    assert_eq!(kinds, ["ask", "ask", "env"]);
}

#[cfg(feature = "vault")]
mod with_a_vault {
    use super::*;
    use crate::{Occasion, VaultState};
    use std::sync::atomic::{AtomicU32, Ordering};

    /// Says the same each time, and counts.
    #[derive(Debug, Clone)]
    struct Parrot(&'static str, Arc<AtomicU32>);

    impl AskPassphrase for Parrot {
        fn passphrase(&self, _: &Path, _: Occasion) -> Result<SecretString> {
            self.1.fetch_add(1, Ordering::Relaxed);
            Ok(self.0.into())
        }
    }

    fn again(connections: &Connections, passphrase: &'static str) -> (Connections, Arc<AtomicU32>) {
        let asked = Arc::new(AtomicU32::new(0));
        let parrot = Parrot(passphrase, asked.clone());
        let environment = Environment::made_of([("", ""); 0]);
        (Connections::at(connections.folder(), environment).with_passphrase(parrot), asked)
    }

    #[test]
    fn what_is_kept_is_found_replaced_and_gone() {
        let (_folder, connections) = made_of(&[("WHARF_VAULT_PASSPHRASE", "correct horse")]);
        assert_eq!(connections.vault_state().unwrap(), VaultState::Missing);
        let keep = |secret: &str| connections.keep(Store::Vault, "acme", "api_key", &secret.into());
        let (one, two) = (keep("first").unwrap(), keep("second").unwrap());
        assert_eq!(
            (one.to_string().as_str(), two.to_string().as_str()),
            ("vault:acme/api_key", "vault:acme-2/api_key")
        );
        assert_eq!(connections.vault_state().unwrap(), VaultState::Passphrase);
        assert_eq!(connections.secret(&two).unwrap().expose_secret(), "second");
        assert_eq!(connections.replace(&one, &"third".into()).unwrap(), one);
        assert_eq!(connections.secret(&one).unwrap().expose_secret(), "third");
        assert!(connections.forget(&one).unwrap() && !connections.forget(&one).unwrap());
        assert!(connections.secret(&one).is_err());
        assert_eq!(connections.vault_entries().unwrap(), ["acme-2/api_key"]);
        let sealed = fs::read_to_string(connections.vault()).unwrap();
        assert!(sealed.starts_with("-----BEGIN AGE ENCRYPTED FILE-----"), "{sealed}");
    }

    #[test]
    fn a_wrong_passphrase_changes_nothing_and_the_right_one_is_asked_for_once() {
        let (_folder, connections) = made_of(&[("WHARF_VAULT_PASSPHRASE", "correct horse")]);
        let kept = connections.keep(Store::Vault, "acme", "api_key", &"secret".into()).unwrap();
        let before = fs::read(connections.vault()).unwrap();
        let (wrong, _) = again(&connections, "wrong");
        for refused in [
            wrong.secret(&kept).unwrap_err(),
            wrong.keep(Store::Vault, "b", "api_key", &"x".into()).unwrap_err(),
            wrong.forget(&kept).unwrap_err(),
        ] {
            assert_eq!(refused.kind(), ErrorKind::Unauthenticated, "{refused}");
        }
        assert_eq!(fs::read(connections.vault()).unwrap(), before);
        let (right, asked) = again(&connections, "correct horse");
        for _ in 0..2 {
            assert_eq!(right.secret(&kept).unwrap().expose_secret(), "secret");
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        let (nobody, _) =
            (Connections::at(connections.folder(), Environment::made_of([("", ""); 0])), ());
        let error = nobody.secret(&kept).unwrap_err();
        assert!(error.remedy().unwrap().contains("WHARF_VAULT_PASSPHRASE_FILE"), "{error:?}");
    }

    #[test]
    #[cfg(unix)]
    fn a_vault_open_to_others_and_a_damaged_one_are_refused() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, connections) = made_of(&[("WHARF_VAULT_PASSPHRASE", "correct horse")]);
        let kept = connections.keep(Store::Vault, "acme", "api_key", &"secret".into()).unwrap();
        fs::set_permissions(connections.vault(), fs::Permissions::from_mode(0o640)).unwrap();
        let error = connections.secret(&kept).unwrap_err();
        assert!(error.remedy().unwrap().contains("chmod 600"), "{error:?}");
        fs::set_permissions(connections.vault(), fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(connections.vault(), "not age at all").unwrap();
        assert_eq!(connections.secret(&kept).unwrap_err().kind(), ErrorKind::Corrupted);
        let refused = connections.keep(Store::Vault, "b", "api_key", &"x".into());
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Corrupted);
        assert_eq!(fs::read(connections.vault()).unwrap(), b"not age at all");
    }
}

#[cfg(feature = "keyring")]
mod with_a_keyring {
    use super::*;

    #[test]
    fn it_is_preferred_and_an_entry_of_others_is_left_alone() {
        let (_folder, mut connections) = made_of(&[]);
        connections.keyring.stand_in = Some(keyring_core::mock::Store::new().unwrap());
        assert!(matches!(connections.best_store(), (Store::Keyring, None)));
        let keep =
            || connections.keep(Store::Keyring, "acme", "api_key", &"secret".into()).unwrap();
        let (one, two) = (keep(), keep());
        assert_eq!(two.to_string(), "keyring:acme-2/api_key");
        assert_eq!(connections.replace(&one, &"new".into()).unwrap(), one);
        assert_eq!(connections.secret(&one).unwrap().expose_secret(), "new");
        assert_eq!(connections.secret(&two).unwrap().expose_secret(), "secret");
        assert!(connections.forget(&one).unwrap());
        assert!(connections.secret(&one).is_err());
    }
}
