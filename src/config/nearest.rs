//! The nearest names to one that is not known.

/// How alike two names must be (Jaro-Winkler, 0 to 1) for one to be offered in the other's place.
const ALIKE: f64 = 0.7;

/// How many names are offered.
const OFFERED: usize = 3;

/// Those of `names` that are most like `wanted`, best first; a name that contains what was typed counts as alike.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    let mut scored: Vec<(f64, &str)> =
        names.into_iter().map(|name| (likeness(&wanted, name), name)).filter(|(score, _)| *score >= ALIKE).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(OFFERED).map(|(_, name)| name.to_owned()).collect()
}

fn likeness(wanted: &str, name: &str) -> f64 {
    let name = name.to_lowercase();
    if wanted.len() >= 3 && name.contains(wanted) {
        return 1.0;
    }
    strsim::jaro_winkler(wanted, &name)
}

/// `: did you mean a, b?`, or nothing when no name is near.
pub(super) fn suggestion(near: &[String]) -> String {
    match near {
        [] => String::new(),
        [only] => format!(": did you mean `{only}`?"),
        [first, rest @ ..] => {
            format!(": did you mean `{first}` (or {})?", rest.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_the_nearest_first() {
        assert_eq!(nearest("regoin", ["endpoint", "region", "credentials"]), ["region"]);
        assert_eq!(nearest("hangzhou", ["cn-beijing", "cn-hangzhou"]), ["cn-hangzhou"]);
        assert!(nearest("zzz", ["region"]).is_empty());
    }

    #[test]
    fn is_a_question() {
        assert_eq!(suggestion(&["a".into(), "b".into()]), ": did you mean `a` (or `b`)?");
        assert_eq!(suggestion(&[]), "");
    }
}
