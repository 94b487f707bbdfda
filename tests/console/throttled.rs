//! A vendor that throttles: the wait before the next attempt is shown, and can be given up.

use std::io::{Read, Write};
use std::net::TcpListener;

use super::killed::silent;

const THROTTLED: &str = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 50\r\nconnection: close\r\ncontent-length: 59\r\n\r\n\
    {\"Code\":\"Throttling.User\",\"Message\":\"slow\",\"RequestId\":\"1\"}";

#[test]
fn shows_and_cancels_the_wait() {
    let data = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut program = silent(&listener, data.path().to_str().unwrap()).run();
    program.see("NamespaceName").see("x-acs-date").keys("orders<tab>orders<esc>").see("enter edit").keys("T");
    let mut stream = listener.accept().unwrap().0;
    stream.read_exact(&mut [0; 64]).unwrap();
    stream.write_all(THROTTLED.as_bytes()).unwrap();
    program.see("again in 50.0 s (3 more, F9 gives up): 429 Throttling.User, retry-after: 50");
    program.see("again in 49.").see("F9 gives up");
    program.keys("<f9>").see("#1 is not sent again").see("not sent again: Throttling.User").see_no("again in 4");
    program.keys("<c-q>");
    assert_eq!(program.ends().code, 0);
}
