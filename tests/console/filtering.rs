//! jq on an answer: its results beside the body, and the end of a filter that has none of its own.

use super::program::{Program, Start};

/// The console with an answer open, and the line for a filter.
fn filtering() -> Program {
    let mut program = Start::console(120, 40).config("[resources]\nfollow_changes = false\n").run();
    program.ready().keys("orders<tab>orders<c-s>").see("CreateNamespace succeeded").keys("<esc>");
    program.see("? help").keys("x<right><right>").see("HTTP/1.1 200").keys("J").see("A filter of jq");
    program
}

#[test]
fn shows_filter_results_beside_the_body() {
    let mut program = filtering();
    program.keys(".Data|{short:.NameSpaceShortId}").see("\"short\": \"orders\"").see("1 result").see("\"RequestId\"");
    program.keys("|nothing").see("✗ there is no filter nothing").see("mistake at 33").see("\"short\": \"orders\"");
    program.keys("<c-u>env").see("{}").see("1 result");
    program.keys("<c-u>.Data|keys").see("\"EnableMicroRegistration\",").keys("<enter>").see("esc close jq");
    program.keys("<esc>").see_no("─ jq").see("HTTP/1.1 200").keys("<c-q>");
    assert_eq!(program.ends().code, 0);
}

#[test]
fn stops_a_runaway_filter_completely() {
    let mut program = filtering();
    program.keys("def f:f;.Success,f").see("running: esc stops it").see("stopped after 2 s").see("1 result");
    program.keys("<c-u>repeat(.RequestId)").see("stopped after 1 MiB of results");
    program.keys("<c-u>def f:1+f;f").see("stopped: the filter calls itself without an end");
    program.keys("<c-u>\"a\"*600000000|length").see("the filter needed more than 512 MiB of memory");
    program.keys("<c-u>[range(1e12)]").see("running: esc stops it").keys("<enter>").see("esc close jq");
    // While it runs the console is as quick as ever; closing it ends the process.
    program.keys("<esc>").see_no("─ jq").see("HTTP/1.1 200");
    program.is_alone();
    program.keys("J.Data.RegionId").see("\"cn-hangzhou\"").keys("<c-q>");
    assert_eq!(program.ends().code, 0);
}
