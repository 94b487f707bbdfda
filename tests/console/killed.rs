//! A console that is killed while requests are in flight, and what the next one knows of them.

use std::io::Read;
use std::net::{TcpListener, TcpStream};

use super::program::Start;

/// A server that never answers, as the configuration of a profile.
pub fn silent(listener: &TcpListener, data: &str) -> Start {
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let config = format!("default_profile = \"silent\"\n[profiles.silent.alibaba]\nendpoint = {{ alibaba-sae = \"{endpoint}\" }}\n");
    Start::console(140, 40)
        .config(&config)
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tSkydeckTest")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "a-secret-of-the-test")
        .args(&["--data-dir", data])
}

#[test]
fn keeps_a_row_for_every_unanswered_request() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut program = silent(&listener, folder).run();
    program.see("NamespaceName").see("x-acs-date").keys("orders<tab>orders");
    let mut streams: Vec<TcpStream> = Vec::new();
    for number in 1..=3 {
        program.keys("<c-s>").see(&format!("{number} in flight"));
        let mut stream = listener.accept().unwrap().0;
        stream.read_exact(&mut [0; 64]).unwrap();
        streams.push(stream);
    }
    program.signal("KILL");
    program.ends();
    let mut program = silent(&listener, folder).run();
    program.see("3 earlier exchanges are kept").keys("<esc>").see("enter edit").keys("l<pgup>");
    program.see("h1").see("h2").see("h3").see("no answer recorded").see("no answer is recorded");
    program.keys("/outcome:unanswered<enter>").see("3 of 3").keys("<c-q>");
    assert_eq!(program.ends().code, 0);
}
