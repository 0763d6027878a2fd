//! What a supervisor is told over `NOTIFY_SOCKET` (`sd_notify`).

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use crate::furnished;

#[test]
fn a_supervisor_hears_that_it_is_ready_lives_and_stops() {
    let (house, _sink) = furnished(3);
    let path = house.path("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    socket.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
    let hear = |word: &str| {
        let mut heard = Vec::new();
        let mut room = [0; 4_096];
        while !heard.iter().any(|line: &String| line == word) {
            let length = socket.recv(&mut room).unwrap_or_else(|_| panic!("no {word}: {heard:?}"));
            let text = String::from_utf8_lossy(&room[..length]).into_owned();
            heard.extend(text.lines().map(str::to_owned));
        }
        heard
    };
    let path = path.to_str().expect("UTF-8");
    let environment = [("NOTIFY_SOCKET", path), ("WATCHDOG_USEC", "600000")];
    let mut service = house.serve_with(&["--no-web"], &environment);
    hear("READY=1");
    let alive = hear("WATCHDOG=1");
    assert!(alive.iter().all(|line| line != "STOPPING=1"), "{alive:?}");
    hear("STATUS=3 mails sent");
    service.terminate();
    hear("STOPPING=1");
    assert!(service.wait().success(), "{}", service.said());
}
