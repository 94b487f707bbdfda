//! The troubleshooter's desk: calls that fail are explained and put right, and the console is never left for it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;

use jiff::Timestamp;
use skydeck::auth::{hex_hmac_sha256, hex_sha256};

use super::program::{Program, Start};

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

const KEY_ID: &str = "LTAI5tSkydeckDemoKey0001";
const SECRET: &str = "SkydeckDemoSecretAlibaba000001";

/// The form of the creation, and the call.
const CREATE: &str = "orders<tab>orders<c-s>";

/// What the console is to be quiet about: the calls it makes by itself.
const QUIET: &str = "[resources]\nfollow_changes = false\n";

/// An emulator that is no part of the console.
struct Emulator(Child);

impl Emulator {
    /// Starts one; with the address of its first provider.
    fn start() -> (Self, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_skydeck"));
        command.arg("emulator").env_clear().stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("alibaba-sae http://").unwrap().to_owned();
        (Self(child), address)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A profile for one provider.
fn profile(name: &str, address: &str, secret: &str) -> String {
    format!(
        "[profiles.{name}.alibaba]\nendpoint = {{ alibaba-sae = \"http://{address}\" }}\n\
         credentials = {{ access_key_id = \"{KEY_ID}\", access_key_secret = \"{secret}\" }}\n"
    )
}

/// A console on these profiles, the first of them chosen.
fn console((width, height): (u16, u16), profiles: &[String], first: &str) -> Program {
    let config = format!("{QUIET}{}", profiles.concat());
    let mut program = Start::console(width, height).config(&config).args(&["--profile", first]).run();
    program.see("NamespaceName").see("POST /pop/v1/paas/namespace HTTP");
    program
}

/// A console on the built-in emulator.
fn demo((width, height): (u16, u16)) -> Program {
    let mut program = Start::console(width, height).config(QUIET).run();
    program.ready();
    program
}

/// Looks at the explanation of the call that has just failed.
fn explain(program: &mut Program) -> &mut Program {
    program.keys("<esc>").see("enter edit").keys("x<left>").see("Likely cause")
}

fn leave(mut program: Program) -> Vec<u8> {
    program.keys("<c-q>");
    let ended = program.ends();
    assert_eq!(ended.code, 0);
    ended.bytes
}

#[test]
fn accepts_another_secret_after_a_wrong_one() {
    let (_emulator, address) = Emulator::start();
    for size in SIZES {
        let mut program = console(size, &[profile("staging", &address, "SkydeckSecretOfYesterday000000")], "staging");
        // The second size finds what the first one made: any answer but a refused signature will do.
        let name = format!("orders{}", size.0);
        program.keys(&format!("{name}<tab>{name}<c-s>")).see("SignatureDoesNotMatch: wrong-secret (proven)");
        explain(&mut program).see("wrong-secret (proven)").see("K another key");
        program.keys("K").see("access key id for profile staging");
        // Without waiting for the second question, as a paste comes: no key of it may be taken for a command.
        program.keys(&format!("{KEY_ID}<enter>{SECRET}<enter>")).see("the key was typed for this session");
        program.keys("S").see("CreateNamespace succeeded");
        let written = leave(program);
        assert!(!String::from_utf8_lossy(&written).contains(SECRET));
    }
}

#[test]
fn keeps_the_profiles_key_when_nothing_is_typed() {
    let mut program = demo((80, 24));
    program.keys("<esc>").see("? help");
    program.keys("K").see("access key id for profile demo").keys("<esc>").see("x-acs-date");
    program.keys("K").see("access key id for profile demo").keys(&format!("{KEY_ID}<enter>")).see("secret access key");
    program.keys("wrong<enter>").see("the key was typed for this session");
    program.keys("i").see("F1 field").keys(CREATE).see("wrong-secret (proven)");
    // Choosing the profile takes its own key again.
    program.keys("<esc>").see("? help");
    program.keys("pdemo<enter>").see_no("typed for this session");
    program.keys("s").see("CreateNamespace succeeded");
    leave(program);
}

#[test]
fn compensates_a_wrong_clock() {
    for size in SIZES {
        let mut program = demo(size);
        program.keys("<f4>").see("Faults").keys("aclock").see("clock=-20m").keys("<enter>").see("Set this fault");
        program.keys("<enter>").see("alibaba-sae:clock=-1200s").keys("<f4>").see("NamespaceDescription");
        program.keys(CREATE).see("InvalidTimeStamp.Expired");
        explain(&mut program).see("This machine's clock is 1").see("s ahead of the server's").see("C signs by the server's clock");
        program.keys("C").see("signed by the server's clock, 1").keys("S").see("CreateNamespace succeeded").see("fault set   signed");
        // The server's clock is set: the first answer tells, and ours holds again.
        program.keys("<f4>").see("alibaba-sae:clock").keys("D").see_no("alibaba-sae:clock").keys("<f4>");
        program.keys("s").see("clocks agree, C is off").see_no("signed -");
        program.keys("s").see("InstanceExist.NamespaceId");
        leave(program);
    }
}

#[test]
fn retries_a_throttled_call_when_allowed() {
    for size in SIZES {
        let mut program = demo(size);
        program.keys("<f4>").see("Faults").keys("athrottle").see("too many calls").keys("<enter>").see("Set this fault");
        program.keys("<bs><bs>@0/s*2<enter>").see("throttle@0/s*2").keys("<f4>").see("NamespaceDescription");
        program.keys(CREATE).see("CreateNamespace failed: Throttling");
        explain(&mut program).see("Too many calls: come again at ").see("(x-acs-retry-after)").see("T sends the form");
        program.keys("T").see("again in 1.0 s").see("again in 1 s").see("CreateNamespace succeeded").see_no("again in");
        leave(program);
    }
}

#[test]
fn cancels_a_call_that_waits_for_the_vendor() {
    let mut program = demo((80, 24));
    program.keys("<f4>").see("Faults").keys("athrottle").see("too many calls").keys("<enter>").see("Set this fault");
    program.keys("<bs><bs>@0/h<enter>").see("throttle@0/h").keys("<f4>").see("NamespaceDescription");
    program.keys(CREATE).see("CreateNamespace failed: Throttling").keys("<esc>").see("? help");
    program.keys("T").see("again in 60.0 s").see("F9 gives up").see("again in 5");
    program.keys("<c-q>").see("1 to be sent again: the same key again leaves all the same");
    program.keys("c").see("not sent again").see_no("again in");
    leave(program);
}

/// A request of somebody else's, signed with a space written as `+`.
fn signed_with_a_plus() -> String {
    let query = "NameSpaceShortId=orders&NamespaceName=Orders%20%E8%AE%A2%E5%8D%95";
    let hash = hex_sha256(b"");
    let date = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let headers = format!(
        "host:sae.cn-hangzhou.aliyuncs.com\nx-acs-action:CreateNamespace\nx-acs-content-sha256:{hash}\nx-acs-date:{date}\n\
         x-acs-signature-nonce:3f0c5a1e\nx-acs-version:2019-05-06\n"
    );
    let names: Vec<&str> = headers.lines().filter_map(|line| line.split(':').next()).collect();
    let names = names.join(";");
    let canonical = format!("POST\n/pop/v1/paas/namespace\n{}\n{headers}\n{names}\n{hash}", query.replace("%20", "+"));
    let text = format!("ACS3-HMAC-SHA256\n{}", hex_sha256(canonical.as_bytes()));
    let signature = hex_hmac_sha256(SECRET.as_bytes(), text.as_bytes());
    format!(
        "POST /pop/v1/paas/namespace?{query} HTTP/1.1\n{headers}\
         authorization:ACS3-HMAC-SHA256 Credential={KEY_ID},SignedHeaders={names},Signature={signature}\n\n"
    )
}

#[test]
fn signs_a_wrongly_encoded_request_again() {
    for size in SIZES {
        let mut program = demo(size);
        program.keys("<esc>").see("? help");
        program.keys("L").see("Paste a signed request here");
        program.bytes(format!("\x1b[200~{}\x1b[201~", signed_with_a_plus()).as_bytes());
        program.see("It does not verify").see("query-space (proven)").see("Write a space as %20");
        program.keys("i").see("in its form").see("Orders 订单");
        program.keys("s").see("CreateNamespace succeeded");
        leave(program);
    }
}

/// A proxy that encodes what is encoded once more, before a server; its address.
fn encoding_proxy(server: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let server = TcpStream::connect(&server).unwrap();
            let (mut answers, mut back) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut answers, &mut back));
            thread::spawn(move || forward(client, server));
        }
    });
    address
}

/// Passes requests without a body on.
fn forward(mut client: TcpStream, mut server: TcpStream) {
    let (mut head, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = client.read(&mut buffer) {
        head.extend_from_slice(&buffer[..count]);
        if head.ends_with(b"\r\n\r\n") {
            let text = String::from_utf8(std::mem::take(&mut head)).unwrap();
            server.write_all(text.replace('%', "%25").as_bytes()).unwrap();
        }
    }
}

#[test]
fn finds_double_encoding_by_a_proxy() {
    let (_emulator, address) = Emulator::start();
    let profiles = [profile("office", &encoding_proxy(address.clone()), SECRET), profile("direct", &address, SECRET)];
    let mut program = console((120, 40), &profiles, "office");
    program.keys("订单<tab>orders<c-s>").see("SignatureDoesNotMatch: query-double-encoded (proven)");
    explain(&mut program).see("query-double-encoded (proven)").see("p another profile");
    program.keys("<left><left>").see("≠ query").see("NamespaceName=%25E8").see("^ byte");
    program.keys("p").see("guard none").keys("direct<enter>").see(" direct ");
    program.keys("S").see("CreateNamespace succeeded");
    leave(program);
}
