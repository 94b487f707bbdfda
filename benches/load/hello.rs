//! The smallest server that hyper can be: it answers every request with five bytes, as fast as it can.

use std::convert::Infallible;
use std::env;
use std::net::Ipv4Addr;

use anyhow::Result;
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

/// The argument that makes this program that server.
pub const ARGUMENT: &str = "--serve-hello";

/// Whether this process is to be that server.
pub fn is_wanted() -> bool {
    env::args().nth(1).is_some_and(|argument| argument == ARGUMENT)
}

/// Says where it is on standard output, and serves until it is ended. The runtime is tokio's own choice, as the emulator's is.
pub fn run() -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        println!("hello http://{}", listener.local_addr()?);
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(serve(stream));
        }
    })
}

async fn serve(stream: TcpStream) {
    // Without it answers wait for one another; a client that breaks off is its own affair.
    let _ = stream.set_nodelay(true);
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(hello)).await;
}

async fn hello(_: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(Response::new(Full::from("hello")))
}
