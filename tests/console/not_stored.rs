//! A history that takes no answers: the operator is told, and everything else goes on.

use super::program::Start;

#[test]
fn reports_once_and_continues() {
    let data = tempfile::tempdir().unwrap();
    drop(skydeck::io::history::Store::open(data.path()).unwrap());
    let history = rusqlite::Connection::open(data.path().join("history.db")).unwrap();
    history.execute_batch("CREATE TRIGGER room BEFORE INSERT ON response BEGIN SELECT raise(ABORT, 'no room'); END").unwrap();
    let mut program = Start::console(160, 40).args(&["--data-dir", data.path().to_str().unwrap()]).run();
    program.ready();
    program.keys("orders<tab>orders<c-s>").see("its result is not kept in the history yet").see("no room");
    program.keys("<c-s>").see("InstanceExist").see("CreateNamespace failed").keys("<c-q>");
    assert_eq!(program.ends().code, 0);
}
