//! The whole life of a resource on each tab, in a pseudo-terminal, from an empty emulator.

use super::program::{Program, Start};

/// A tab, and what is done on it.
struct Life {
    /// Keys that fill the form of the creation.
    create: &'static str,
    /// What the table shows of it.
    row: &'static str,
    /// Keys in the form of the change, and what the table shows afterwards; `None` where the API has no such call.
    change: Option<(&'static str, &'static str)>,
    /// What is typed before it is deleted.
    name: &'static str,
}

const LIVES: [Life; 5] = [
    Life {
        create: "orders<tab>orders",
        row: "cn-hangzhou:orders  orders",
        change: Some(("-eu", "cn-hangzhou:orders  orders-eu")),
        name: "cn-hangzhou:orders",
    },
    Life { create: "orders_dev<tab>Forecasts<tab><right> ", row: "orders_dev", change: Some(("<c-u>Orders", "  Orders  ")), name: "" },
    Life { create: "orders", row: "orders", change: Some(("Intake", "orders  Intake")), name: "orders" },
    Life { create: "team-a", row: "team-a", change: None, name: "team-a" },
    Life { create: "team-b", row: "team-b", change: None, name: "team-b" },
];

/// Goes to the table of the shown tab and waits until it has come.
fn table(program: &mut Program) {
    program.keys("<f2>").see("enter fetch").see("as of");
}

fn live(program: &mut Program, tab: usize, life: &Life) {
    program.keys(&format!("<a-{tab}>")).keys(life.create);
    program.keys("<c-s>").see("Created");
    table(program);
    program.see(life.row);
    if tab == 2 {
        program.see("following orders_dev: INITIALIZING").see("orders_dev is ENABLED after");
    }
    if let Some((keys, row)) = life.change {
        program.keys("e").see("ready to send").see("F1 field").keys(keys).keys("<c-s>").see("enter fetch").see(row);
    }
    program.keys("d").see("is filled in with");
    let name = if life.name.is_empty() { id(program) } else { life.name.to_owned() };
    program.keys("s").see("Type").keys(&format!("{name}<enter>")).see("yet. n opens");
    program.keys("n").see("F1 field");
}

/// The number that the vendor gave: it stands in the notice.
fn id(program: &Program) -> String {
    let screen = program.screen();
    let (_, rest) = screen.split_once("filled in with ").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn on_every_tab() {
    let mut program = Start::console(120, 40).run();
    program.ready();
    for (at, life) in LIVES.iter().enumerate() {
        live(&mut program, at + 1, life);
    }
    program.keys("<c-q>");
    assert_eq!(program.ends().code, 0);
}

#[test]
fn on_a_small_screen() {
    let mut program = Start::console(80, 24).run();
    program.ready();
    live(&mut program, 1, &LIVES[0]);
    program.keys("<c-q>");
    assert_eq!(program.ends().code, 0);
}
