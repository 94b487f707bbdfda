//! The panel of the emulator's faults: opened, searched, set, struck, removed.

use skydeck::app::faults::FaultReport;
use skydeck::app::{Message, Popup};

use super::stage::Stage;

fn set(stage: &Stage) -> Vec<(String, u64, bool)> {
    stage.app.faults.set.iter().map(|mark| (mark.text.clone(), mark.strike_count, mark.spent)).collect()
}

fn choices(stage: &Stage) -> Vec<String> {
    let Some(Popup::Picker(picker)) = stage.app.popups.open() else { panic!("no picker") };
    picker.shown().iter().map(|choice| choice.name.clone()).collect()
}

fn draft(stage: &Stage) -> String {
    let Some(Popup::FaultDraft(draft)) = stage.app.popups.open() else { panic!("no draft") };
    draft.input.value().to_owned()
}

#[test]
fn finds_and_sets_a_fault_that_then_applies() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<f4>a throttling.user");
    assert_eq!(choices(&stage), ["Throttling.User"]);
    stage.keys("<enter>");
    assert_eq!(draft(&stage), "alibaba-sae:Throttling.User*1");
    stage.keys("<bs>2<enter>");
    assert_eq!(set(&stage), [("alibaba-sae:Throttling.User*2".to_owned(), 0, false)]);
    assert_eq!(stage.app.faults.active(stage.app.session.profile()), 1);
    stage.keys("<esc>").keys("<c-s>");
    assert_eq!(set(&stage)[0].1, 1);
    assert!(stage.newest().answered().unwrap().envelope.code.as_deref() == Some("Throttling.User"));
    stage.keys("<c-s><c-s>");
    assert_eq!(
        (set(&stage)[0].clone(), stage.app.faults.active(stage.app.session.profile())),
        (("alibaba-sae:Throttling.User*2".to_owned(), 2, true), 0)
    );
    assert!(stage.newest().succeeded());
}

#[test]
fn lists_own_faults_of_the_operation_first() {
    let mut stage = Stage::new();
    stage.keys("<f4>a");
    let all = choices(&stage);
    let place = |name: &str| all.iter().position(|one| one == name).unwrap_or_else(|| panic!("{name}: {all:?}"));
    let places =
        ["InstanceExist.NamespaceId", "MissingAccessKeyId", "drip=16/100ms", "InvalidNamespaceId.Format · UpdateNamespace"].map(place);
    assert!(places.is_sorted(), "{places:?} {all:?}");
    stage.keys("notfound<enter>");
    assert!(draft(&stage).starts_with("alibaba-sae"));
    stage.keys("<esc><esc><a-4><esc>!adrip<enter>");
    assert_eq!(draft(&stage), "huawei-swr:drip=16/100ms*1");
}

#[test]
fn chooses_from_a_late_list() {
    let mut stage = Stage::new();
    stage.keys("<f4>");
    let possible = std::mem::take(&mut stage.app.faults.possible);
    stage.keys("adrip");
    assert!(choices(&stage).is_empty());
    stage.notify(Message::Faults(FaultReport::Available(possible)));
    stage.keys("<enter>");
    assert_eq!(draft(&stage), "alibaba-sae:drip=16/100ms*1");
}

#[test]
fn invalid_fault_can_be_corrected() {
    let mut stage = Stage::new();
    stage.keys("<f4>areset<enter>*3<enter>");
    assert_eq!(draft(&stage), "alibaba-sae:reset=half*1*3");
    assert!(stage.app.session.notice.as_ref().unwrap().text.contains("`*` stands there twice"));
    stage.keys("<bs><bs><enter>");
    assert_eq!(set(&stage).len(), 1);
}

#[test]
fn faults_are_removed_one_by_one_and_all_at_once() {
    let mut stage = Stage::new();
    stage.keys("<f4>adrip<enter><enter>adelay<enter><enter>anot-http<enter><enter><up>d");
    let left: Vec<String> = set(&stage).into_iter().map(|(text, ..)| text).collect();
    assert_eq!(left, ["alibaba-sae:drip=16/100ms*1", "alibaba-sae:not-http*1"]);
    stage.keys("D");
    assert_eq!((set(&stage), stage.app.faults.active(stage.app.session.profile())), (Vec::new(), 0));
    stage.keys("d");
    assert_eq!(stage.app.session.notice.as_ref().unwrap().text, "no fault is set");
    stage.keys("a<esc>");
    assert!(matches!(stage.app.popups.open(), Some(Popup::Faults(_))), "the picker leads back");
    stage.keys("q");
    assert!(!stage.app.popups.is_open());
}

#[test]
fn offers_faults_on_the_built_in_emulator_only() {
    let mut stage = Stage::new();
    stage.keys("<f4>adrip<enter><enter><esc><esc>pproduction<enter>!");
    assert!(!stage.app.popups.is_open());
    assert!(stage.app.session.notice.as_ref().unwrap().text.contains("choose profile demo"));
    assert_eq!(stage.app.faults.active(stage.app.session.profile()), 0, "the mark is for where they strike");
    stage.keys("pdemo<enter>");
    assert_eq!(stage.app.faults.active(stage.app.session.profile()), 1);
}
