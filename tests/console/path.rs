//! A person's whole path: every tab, a mistake, its mending, a call, its answer, an error, the way back to its field.

use super::program::{Program, Start};

/// From the first frame to the last.
fn walk(mut program: Program) {
    program.see("NamespaceName");
    for (tab, field) in [("2", "WorkspaceName"), ("3", "ProjectName"), ("4", "namespace"), ("5", "eu-de"), ("1", "NameSpaceShortId")] {
        program.keys(&format!("<a-{tab}>")).see(field);
    }
    program.keys("orders-eu<tab>orders_eu").see("'_' at 7");
    program.keys("<left><left><bs><end>").see_no("'_' at 7");
    program.keys("<c-s>").see("CreateNamespace succeeded");
    program.keys("<esc>").see("? help");
    program.keys("x<right><right>").see("HTTP/1.1 200").see("x-acs-request-id");
    program.keys("l").see("200").see("alibaba-sae");
    program.keys("f<c-s>").see("CreateNamespace failed: InstanceExist.NamespaceId");
    program.keys("x<right><right><right>").see("Cause").see("Remedy").see("NameSpaceShortId   (");
    program.keys("v").see("x-acs-date");
    program.keys("e").see("F1 field");
    let field = program.row("NameSpaceShortId          orderseu");
    assert_eq!(program.cursor().map(|(row, _)| row), Some(field), "{}", program.screen());
    program.keys("<c-q>");
    let ended = program.ends();
    assert_eq!(ended.code, 0);
    assert_eq!(ended.left_as_it_was().afterwards().replace("\x1b[?25h", ""), "");
}

#[test]
fn at_80x24() {
    walk(Start::console(80, 24).run());
}

#[test]
fn at_120x40() {
    walk(Start::console(120, 40).run());
}

#[test]
fn at_200x60() {
    walk(Start::console(200, 60).run());
}

#[test]
fn draws_in_sixteen_colours() {
    walk(Start::console(80, 24).without("COLORTERM").run());
}

#[test]
fn without_colour() {
    walk(Start::console(120, 40).env("NO_COLOR", "1").run());
}

#[test]
fn with_ascii_borders() {
    walk(Start::console(80, 24).config("[screen]\nborders = \"ascii\"\n").run());
}

#[test]
fn on_a_light_terminal() {
    walk(Start::console(120, 40).config("[screen]\ntheme = \"light\"\n").run());
}

#[test]
fn answers_at_every_provider() {
    // What is fetched after a creation would be in flight when it is left, and leaving then asks first.
    let mut program = Start::console(120, 40).config("[resources]\nfollow_changes = false\n").run();
    program.ready().keys("orders<tab>orders<c-s>").see("✓ 200  alibaba-sae");
    program.keys("<a-2><esc>").see("? help");
    program.keys("a").see("filled with the vendor's examples").keys("s").see("✓ 200  alibaba-pai");
    program.keys("3iorders<c-s>").see("✓ 200  volcengine-id");
    program.keys("<a-4>team-a<c-s>").see("CreateOrganization succeeded");
    // The same words stand on the screen until the next key is seen.
    program.keys("<a-5>team-a").see_no("CreateOrganization succeeded").keys("<c-s>").see("CreateOrganization succeeded");
    program.keys("<c-q>");
    assert_eq!(program.ends().code, 0);
}

#[test]
fn sends_invalid_form_on_purpose() {
    let mut program = Start::console(80, 24).run();
    program.ready().keys("orders<tab>or_ders<c-s>").see("send anyway");
    program.keys("a").see("InvalidNamespaceIdSuffix.Format").see("Remedy");
    program.bytes(b"\x1b[19~").keys("x").see("or_dersx");
}

#[test]
fn injects_and_explains_a_throttle() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let mut program = Start::console(columns, rows).config("[resources]\nfollow_changes = false\n").run();
        program.ready().keys("orders<tab>orders<f4>").see("No fault is set").keys("athrottling.user").see("Throttling.User");
        program.keys("<enter>").see("alibaba-sae:Throttling.User*1").keys("<enter>").see("1 fault set").see("0 injected");
        program.keys("<esc>").see_no("Faults of the").keys("<c-s>").see("CreateNamespace failed: Throttling.User").see("Remedy");
        program.keys("<f4>").see("1 injected, spent").see_no("1 fault set").keys("D").see("No fault is set");
        program.keys("<esc>").see_no("Faults of the").keys("<c-s>").see("CreateNamespace succeeded").keys("<c-q>");
        assert_eq!(program.ends().code, 0);
    }
}
