//! Every scene on screens of every size: nothing panics, and the caret stays on the screen.

use std::thread;

use super::frame::{dark, draw};
use super::scenes::{SCENES, Scene};
use super::stage::Stage;

/// Names the size at hand when a test panics.
struct At<'a>(&'a Scene, u16, u16);

impl Drop for At<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("{} at {}x{}", self.0.name, self.1, self.2);
        }
    }
}

fn look(scene: &Scene, stage: &mut Stage, width: u16, height: u16) {
    let _at = At(scene, width, height);
    stage.resize(width, height);
    let frame = draw(stage, &dark());
    if let Some(caret) = frame.caret {
        assert!(caret.x < width && caret.y < height, "caret at {caret}");
    }
}

/// Sizes from 1x1 on: every one that is small, and a few that are not.
fn sizes(step: usize, offset: usize) -> impl Iterator<Item = (u16, u16)> {
    let small = (1..=30).flat_map(|height| (1..=60).map(move |width| (width, height)));
    let large =
        [(61, 200), (80, 24), (99, 7), (99, 31), (100, 30), (101, 11), (159, 10), (160, 12), (161, 29), (200, 60), (200, 1), (400, 10)];
    small.skip(offset % step).step_by(step).chain(large)
}

#[test]
fn starts_at_any_size() {
    let mut stage = SCENES[0].on(120, 40);
    sizes(1, 0).for_each(|(width, height)| look(&SCENES[0], &mut stage, width, height));
}

#[test]
fn draws_every_scene_at_any_size() {
    // A prime step meets every width and every height in each scene, and other pairs of them in the next.
    for (at, scene) in SCENES.iter().enumerate() {
        let mut stage = scene.on(120, 40);
        sizes(13, at).for_each(|(width, height)| look(scene, &mut stage, width, height));
    }
}

#[test]
fn draws_zoomed_panes_at_any_size() {
    for (at, pane) in ["f", "v", "l", "x"].iter().enumerate() {
        let scene = &SCENES[9];
        let mut stage = scene.on(120, 40);
        stage.keys("<esc>").keys(pane).keys("z");
        sizes(17, at).for_each(|(width, height)| look(scene, &mut stage, width, height));
    }
}

#[test]
fn states_the_size_a_small_screen_needs() {
    let mut stage = SCENES[0].on(120, 40);
    stage.resize(39, 9);
    let text = draw(&stage, &dark()).text();
    assert!(text.contains("skydeck needs 40x10") && text.contains("this is 39x9"), "{text}");
    stage.resize(40, 10);
    assert!(draw(&stage, &dark()).text().contains("NamespaceName"));
}
