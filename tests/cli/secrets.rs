//! `brief secrets rotate`.

use std::os::unix::fs::PermissionsExt;

use crate::support::Place;

#[test]
fn keys_are_rotated_and_never_printed() {
    let place = Place::new();
    let first = place.json(&["secrets", "rotate", "--json"]);
    assert_eq!(first["key"], 2, "the first key was made on the way");
    let said = place.run(&["secrets", "rotate"]).out;
    assert!(said.contains("Key 3") && said.contains("Restart"), "{said}");
    let file = place.path().join("var/tokens.keys");
    let keys = std::fs::read_to_string(&file).unwrap();
    assert_eq!(keys.lines().filter(|line| !line.starts_with('#')).count(), 3, "{keys}");
    for (_, key) in keys.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once(' ')) {
        assert!(key.len() == 64 && !said.contains(key), "{said}");
    }
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let refused = place.run(&["secrets", "rotate"]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("chmod 600"), "{}", refused.err);
    assert_eq!(place.run(&["secrets"]).code, 2);
}
