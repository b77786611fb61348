use super::*;
use crate::entropy::SystemEntropy;

const DAY: i64 = 86_400_000;
const NOW: Timestamp = Timestamp(20_000 * DAY + 5);

fn public(store: &KeyStore, days: i64) -> (EvidenceKey, bool) {
    store.public(NOW.plus_ms(days * DAY), NOW, &SystemEntropy).unwrap().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn each_day_has_one_key_that_is_made_on_demand_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = KeyStore::open(folder.path()).unwrap();
    let (first, is_new) = public(&store, 3);
    assert!(is_new);
    assert_eq!(public(&store, 3), (first.clone(), false));
    assert_ne!(public(&store, 4).0.id, first.id);
    assert_eq!(store.public(NOW, NOW, &SystemEntropy).unwrap(), None, "its day has come");

    // Another process with the same folder gives out the same keys.
    let other = KeyStore::open(folder.path()).unwrap();
    assert_eq!(public(&other, 3), (first.clone(), false));
    let made_there = public(&other, 5).0;
    assert_eq!(public(&store, 5), (made_there.clone(), false));
    assert_eq!(store.pair(made_there.id, NOW).unwrap().unwrap().public(), &made_there);
    assert!(store.pair(first.id, first.day.begins()).unwrap().is_none(), "its day has come");

    assert_eq!(names(folder.path()), [FILE, LOCK]);
    let path = folder.path().join(FILE);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(KeyStore::open(folder.path()).unwrap_err().to_string().contains("chmod 600"));
}

#[test]
fn a_destroyed_key_is_overwritten_where_it_lay() {
    let folder = tempfile::tempdir().unwrap();
    let store = KeyStore::open(folder.path()).unwrap();
    let (first, later) = (public(&store, 1).0, public(&store, 2).0);
    let path = folder.path().join(FILE);
    let before = Sha256::of(&fs::read(&path).unwrap());
    // A name of the test's own keeps the file's bytes in reach after the store has unlinked them.
    let witness = folder.path().join("witness");
    fs::hard_link(&path, &witness).unwrap();

    let destroyed = store.destroy(first.day.begins(), &[], &SystemEntropy).unwrap();
    assert_eq!(destroyed.keys, [(first.day, first.id)]);
    assert_eq!(
        (destroyed.before, destroyed.after),
        (Some(before), Some(Sha256::of(&fs::read(&path).unwrap())))
    );
    assert!(fs::read(&witness).unwrap().iter().all(|byte| *byte == 0));
    assert_ne!(fs::metadata(&witness).unwrap().ino(), fs::metadata(&path).unwrap().ino());
    assert_eq!(store.days().unwrap(), [later.day]);
    assert!(store.pair(first.id, NOW).unwrap().is_none(), "not even by a clock that went back");
    let again = store.destroy(first.day.begins(), &[], &SystemEntropy).unwrap();
    assert_eq!((again.keys.len(), again.before), (0, again.after));
    // What is certified as destroyed goes whatever the clock says.
    assert_eq!(store.destroy(NOW, &[later.day], &SystemEntropy).unwrap().keys, [(later.day, later.id)]);
}

#[test]
fn a_crash_in_the_middle_of_a_change_loses_no_key_and_leaves_no_copy() {
    let folder = tempfile::tempdir().unwrap();
    let store = KeyStore::open(folder.path()).unwrap();
    let key = public(&store, 1).0;
    let (path, old) = (folder.path().join(FILE), folder.path().join(OLD));
    let unfinished = folder.path().join(format!("{FILE}.0123456789abcdef"));

    // Before the fresh file took the name: the old name is the live file.
    fs::hard_link(&path, &old).unwrap();
    fs::write(&unfinished, "half of it").unwrap();
    let store = KeyStore::open(folder.path()).unwrap();
    assert_eq!(store.days().unwrap(), [key.day]);
    assert_eq!(names(folder.path()), [FILE, LOCK]);

    // After it, before the old one was overwritten.
    fs::write(&old, "keys of before").unwrap();
    let witness = folder.path().join("witness");
    fs::hard_link(&old, &witness).unwrap();
    let store = KeyStore::open(folder.path()).unwrap();
    assert_eq!(store.days().unwrap(), [key.day]);
    assert!(fs::read(&witness).unwrap().iter().all(|byte| *byte == 0));
}

#[test]
fn a_damaged_file_is_named_by_its_line_and_not_quoted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    for (text, says) in [
        ("another file\n", "not a file of evidence keys"),
        (&*format!("{FIRST_LINE}\n20001 {}\n", "ff".repeat(32)), "line 2 is damaged"),
        (&*format!("{FIRST_LINE}\n20001 5ec2e7\n"), "line 2 is damaged"),
    ] {
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let refusal = format!("{:#}", KeyStore::open(folder.path()).unwrap_err());
        assert!(refusal.contains(says) && !refusal.contains("5ec2e7"), "{refusal}");
    }
}
