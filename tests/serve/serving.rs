//! What the service does while it is left alone.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::house::Worker;
use crate::{furnished, until};

/// Asks one of the service's pages; returns the whole answer.
fn get(service: &Worker, path: &str) -> String {
    let said = service.said();
    let (_, rest) = said.split_once("http://").expect("it says where it answers");
    let address: String =
        rest.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':')).collect();
    let mut stream = TcpStream::connect(address.trim_end_matches('.')).expect("it listens");
    let ask = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    stream.write_all(ask.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

#[test]
fn it_plans_delivers_proves_and_answers_monitors() {
    let (house, sink) = furnished(20);
    let mut service = house.serve_with(&[], &[("BRIEF__WEB__LISTEN", "127.0.0.1:0")]);
    until("everybody is reached", || sink.given().len() == 20);
    until("the run is closed", || house.is_closed());
    assert!(get(&service, "/healthz").starts_with("HTTP/1.1 200"), "{}", service.said());
    let ready = get(&service, "/readyz");
    assert!(ready.starts_with("HTTP/1.1 200") && ready.contains("\"ready\":true"), "{ready}");
    let metrics = get(&service, "/metrics");
    assert!(metrics.contains("brief_deliveries_total{outcome=\"sent\"} 20"), "{metrics}");
    service.terminate();
    assert!(service.wait().success(), "{}", service.said());
    assert!(
        service.said().contains("nothing is left on the wire. 20 mails sent"),
        "{}",
        service.said()
    );
    assert_eq!((sink.taken(), house.count("sent")), (20, 20));
}

#[test]
fn planning_and_delivering_can_be_parted() {
    let (house, sink) = furnished(8);
    let mut planner = house.serve_with(&["--no-web", "--no-deliver"], &[]);
    until("the briefs are planned", || house.count("queued") == 8);
    assert_eq!(sink.taken(), 0);
    let mut deliverer = house.serve_with(&["--no-web", "--no-schedule"], &[]);
    until("everybody is reached", || sink.given().len() == 8);
    for service in [&mut planner, &mut deliverer] {
        service.terminate();
        assert!(service.wait().success(), "{}", service.said());
    }
    assert!(planner.said().contains("Serving: plans. "), "{}", planner.said());
    assert!(deliverer.said().contains("Serving: delivers. "), "{}", deliverer.said());
}
