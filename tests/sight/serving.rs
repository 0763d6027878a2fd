//! A service that is woken by hand, with its pages.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode};
use back_office_brief::engine::Engine;
use back_office_brief::engine::service::{ByHand, Options, Service};
use back_office_brief::web::service::{ServiceState, service_router};
use http_body_util::BodyExt;
use tokio::task::JoinHandle;
use tower::ServiceExt;

use crate::world::{World, at};

/// The peer of an ordinary request.
pub const HERE: &str = "127.0.0.1:50000";

/// A service under way.
pub struct Serving {
    pub wake: Arc<ByHand>,
    pub engine: Arc<Engine>,
    pub pages: Router,
    task: JoinHandle<()>,
}

impl Serving {
    pub fn start(world: &World) -> Self {
        let engine = Arc::new(world.another_engine());
        let service = Service::new(Arc::clone(&engine), Options::default());
        let (status, wake) = (service.status(), Arc::new(ByHand::default()));
        let state = ServiceState { engine: Arc::clone(&engine), status };
        let task = tokio::spawn(service.run(wake.clone()));
        Self { wake, engine, pages: service_router(state), task }
    }

    /// Both loops look at an instant.
    pub async fn at(&self, world: &World, now: &str) {
        world.clock.set(at(now));
        self.wake.step().await;
    }

    pub async fn end(self) {
        self.engine.stop.cancel();
        self.task.await.expect("it ends by itself");
    }

    /// Asks as this machine does.
    pub async fn get(&self, uri: &str) -> (StatusCode, String) {
        let response = self.ask("GET", uri, HERE, &[("Host", "127.0.0.1:8080")]).await;
        read(response).await
    }

    pub async fn ask(
        &self,
        method: &str,
        uri: &str,
        peer: &str,
        headers: &[(&str, &str)],
    ) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::empty()).expect("a request");
        let peer: SocketAddr = peer.parse().expect("an address and a port");
        request.extensions_mut().insert(ConnectInfo(peer));
        self.pages.clone().oneshot(request).await.expect("an answer")
    }

    /// The value of a sample, as the metrics page shows it.
    pub async fn sample(&self, name: &str) -> f64 {
        let (_, text) = self.get("/metrics").await;
        let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let found = found.unwrap_or_else(|| panic!("{name} is not in\n{text}"));
        found.parse().expect("a number")
    }
}

pub async fn read(response: Response<Body>) -> (StatusCode, String) {
    let status = response.status();
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8(bytes.to_vec()).expect("text"))
}
