//! What is typed into a field that the catalog calls secret.

use proptest::prelude::*;
use skydeck::app::Message;

use super::frames::frame;
use super::plant::{Searched, cases, secrets};
use super::stage::Stage;

/// A console whose first form has secrets for all its texts.
fn stage() -> Stage {
    let mut stage = Stage::unread(120, 40);
    for provider in stage.vendor.providers().to_vec() {
        let mut provider = (*provider).clone();
        for operation in &mut provider.operations {
            let mut own = (**operation).clone();
            own.parameters.iter_mut().for_each(|parameter| parameter.sensitive = true);
            *operation = own.into();
        }
        stage.notify(Message::Loaded(provider.into()));
    }
    let effects = stage.app.start();
    stage.carry_out(effects);
    stage
}

proptest! {
    #![proptest_config(cases(3))]

    #[test]
    fn shows_nothing_of_a_masked_answer(secrets in secrets(3)) {
        let searched = Searched::new(&secrets);
        let mut stage = stage();
        for (tab, keys) in [("<a-1>", ["", "<tab>", "<tab>"]), ("<a-3>", ["", "<tab>", "<tab><tab><tab><tab>"]), ("<a-5>", ["", "", ""])] {
            stage.keys(tab);
            for (keys, secret) in keys.iter().zip(&secrets) {
                stage.keys(keys).paste(secret);
                searched.none_in("the frame while it is typed", frame(&stage).as_bytes());
            }
            stage.keys("<esc>v");
            for _ in 0..3 {
                stage.keys("y<right>");
                searched.none_in("the preview", frame(&stage).as_bytes());
            }
            stage.keys("<esc>is<c-s>");
            searched.none_in("a doubt", frame(&stage).as_bytes());
            stage.keys("a");
            super::frames::look(&mut stage, &searched, "a call with what was typed");
            stage.keys("<esc><esc>f").keys("i");
        }
    }
}
