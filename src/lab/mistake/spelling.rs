//! Mistakes with the case of the names of signed headers.

use super::{Aspect, Mistake, MistakeContext};
use crate::lab::fault;
use crate::lab::material::SignatureParts;

pub(super) fn all<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let spelled = |name: &str| {
        let mut sent = context.request.headers.iter().map(|(known, _)| known);
        sent.find(|known| known.eq_ignore_ascii_case(name)).unwrap_or(name).to_owned()
    };
    both(all, "as the request spells them", true, spelled);
    both(all, "in capitals", true, str::to_ascii_uppercase);
    both(all, "with capitals at the beginning of each word", true, title);
    let own = |name: &str| if name.starts_with("x-") { name.to_owned() } else { title(name) };
    both(all, "with capitals at the beginning of each word, but for those with x-", true, own);
    for one in &context.base.names {
        let single = move |name: &str| if name == one { title(name) } else { name.to_owned() };
        both(all, &format!("in lower case, but for {}", title(one)), false, single);
    }
}

/// Adds the names of the lines spelled in another way, those of the list, and both.
fn both<'a>(all: &mut Vec<Mistake<'a>>, how: &str, in_pairs: bool, spell: impl Fn(&str) -> String + Clone + Sync + 'a) {
    for (what, in_lines, in_list) in
        [("the names before the values", true, false), ("names of lines and list", true, true), ("the names of the list", false, true)]
    {
        let spell = spell.clone();
        let make = move |m: &mut SignatureParts| {
            m.lines.iter_mut().filter(|_| in_lines).for_each(|line| line.name = spell(&line.name));
            m.names.iter_mut().filter(|_| in_list).for_each(|name| *name = spell(name));
        };
        let mistake = Mistake::new(&fault::LIST_CASE, Aspect::Layout(7), format!("{what} were signed {how}"), make);
        all.push(mistake.alone_unless(in_pairs));
    }
}

/// Writes `content-type` as `Content-Type`.
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
