//! Mistakes with the case of the names of signed headers.

use super::{Aspect, Bench, Mistake};
use crate::lab::fault;
use crate::lab::material::Material;

pub(super) fn all<'a>(bench: &'a Bench<'a>, all: &mut Vec<Mistake<'a>>) {
    let spelled = |name: &str| {
        let mut sent = bench.request.headers.iter().map(|(known, _)| known);
        sent.find(|known| known.eq_ignore_ascii_case(name)).unwrap_or(name).to_owned()
    };
    both(all, "as the request spells them", true, spelled);
    both(all, "in capitals", true, str::to_ascii_uppercase);
    both(all, "with capitals at the beginning of each word", true, title);
    let own = |name: &str| if name.starts_with("x-") { name.to_owned() } else { title(name) };
    both(all, "with capitals at the beginning of each word, but for those with x-", true, own);
    for one in &bench.base.names {
        let single = move |name: &str| if name == one { title(name) } else { name.to_owned() };
        both(all, &format!("in lower case, but for {}", title(one)), false, single);
    }
}

/// The names of the lines spelled in another way, and those of the list too.
fn both<'a>(all: &mut Vec<Mistake<'a>>, how: &str, in_pairs: bool, spell: impl Fn(&str) -> String + Clone + 'a) {
    let again = spell.clone();
    let whole = move |m: &mut Material| {
        lines(m, &again);
        m.names.iter_mut().for_each(|name| *name = again(name));
    };
    let of_lines = Mistake::new(&fault::LIST_CASE, Aspect::Layout(7), format!("the names before the values were signed {how}"), move |m| {
        lines(m, &spell);
    });
    let of_both = Mistake::new(&fault::LIST_CASE, Aspect::Layout(7), format!("names of lines and list were signed {how}"), whole);
    all.extend([of_lines, of_both].map(|mistake| Mistake { in_pairs, ..mistake }));
}

fn lines(material: &mut Material, spell: impl Fn(&str) -> String) {
    material.lines.iter_mut().for_each(|line| line.name = spell(&line.name));
}

/// `content-type` as `Content-Type`.
fn title(name: &str) -> String {
    let word = |word: &str| word.get(..1).map_or_else(String::new, |first| first.to_ascii_uppercase() + &word[1..]);
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_with_a_capital() {
        for (name, titled) in [("host", "Host"), ("x-acs-date", "X-Acs-Date"), ("", ""), ("-a", "-A"), ("ü", "")] {
            assert_eq!(title(name), titled);
        }
    }
}
