//! The selected exchange in the form of another tool, on the clipboard and in a file.

use skydeck::app::Effect;
use skydeck::export::Format;

use super::stage::Stage;

fn sent() -> Stage {
    let mut stage = Stage::new();
    stage.keys("<a-4>orders<c-s><esc>x");
    stage
}

#[test]
fn copies_every_format_without_secrets() {
    for format in Format::ALL {
        let mut stage = sent();
        let token = stage.newest().request.headers.get_str("x-auth-token").unwrap().to_owned();
        stage.keys(&format!("Y{}<enter>", format.name()));
        if format == Format::Cli {
            assert!(stage.copied().is_none() && stage.app.session.notice.as_ref().unwrap().text.contains("no command line"));
            continue;
        }
        let copy = stage.copied().unwrap_or_else(|| panic!("{}: {:?}", format.name(), stage.app.session.notice)).to_owned();
        assert!(copy.contains("amespace") && !copy.contains(&token), "{}:\n{copy}", format.name());
    }
}

#[test]
fn writes_a_form_to_a_file() {
    let mut stage = sent();
    stage.keys("Whar<enter>");
    let Some(Effect::Write { name, bytes }) = stage.effects.last() else { panic!("no file: {:?}", stage.app.session.notice) };
    assert!(name.starts_with("huawei-swr-") && name.rsplit_once('.').is_some_and(|(_, kind)| kind == "har"), "{name}");
    assert!(bytes.starts_with(b"{\n  \"log\""));
}

#[test]
fn without_an_exchange_there_is_nothing_to_copy() {
    let mut stage = Stage::new();
    stage.keys("<esc>xY");
    assert!(!stage.app.popups.is_open() && stage.app.session.notice.is_some());
}
