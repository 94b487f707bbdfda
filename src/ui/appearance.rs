//! What the environment says of the terminal: colours and signs.

use super::theme::{Depth, Palette, SymbolSet};

/// Looks a variable up; one that is empty counts as not set.
type Var<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Returns the palette and depth of colours that an environment asks for.
///
/// `NO_COLOR` (any value that is not empty) or `TERM=dumb` mean no colour; `COLORTERM` says 24 bits; `COLORFGBG` tells a light background.
pub fn detect_appearance(wanted: Option<Palette>, var: Var<'_>) -> (Palette, Depth) {
    let set = |name: &str| var(name).filter(|value| !value.is_empty());
    let depth = match set("COLORTERM").as_deref() {
        Some("truecolor" | "24bit") => Depth::True,
        _ => Depth::Basic,
    };
    if set("NO_COLOR").is_some() || set("TERM").as_deref() == Some("dumb") {
        return (Palette::Mono, depth);
    }
    let light = set("COLORFGBG").is_some_and(|value| matches!(value.rsplit(';').next(), Some("7" | "15")));
    (wanted.unwrap_or(if light { Palette::Light } else { Palette::Dark }), depth)
}

/// Returns whether the terminal is worth asking for its background: the environment does not tell it, and the answer would matter.
/// The Linux console is always dark, and old ones print what they do not know.
pub fn asks_background(palette: Palette, var: Var<'_>) -> bool {
    let told = var("COLORFGBG").is_some_and(|value| !value.is_empty());
    palette == Palette::Dark && !told && var("TERM").is_some_and(|term| term != "linux" && !term.is_empty())
}

/// Returns the signs that the locale can show: ASCII alone where it names another coding than UTF-8.
pub fn symbols(var: Var<'_>) -> SymbolSet {
    let set = |name: &&str| var(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(set).unwrap_or_default().to_lowercase();
    let utf8 = locale.is_empty() || locale.contains("utf-8") || locale.contains("utf8");
    if utf8 { SymbolSet::Unicode } else { SymbolSet::Ascii }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        |name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn prefers_no_color_over_everything() {
        let var = with(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]);
        assert_eq!(detect_appearance(Some(Palette::Light), &var).0, Palette::Mono);
        let var = with(&[("NO_COLOR", "")]);
        assert_eq!(detect_appearance(Some(Palette::Light), &var).0, Palette::Light);
    }

    #[test]
    fn detects_a_light_background() {
        assert_eq!(detect_appearance(None, &with(&[("COLORFGBG", "0;15")])), (Palette::Light, Depth::Basic));
        assert_eq!(detect_appearance(None, &with(&[("COLORFGBG", "15;0"), ("COLORTERM", "24bit")])), (Palette::Dark, Depth::True));
    }

    #[test]
    fn queries_the_terminal_only_when_needed() {
        assert!(asks_background(Palette::Dark, &with(&[("TERM", "xterm-256color")])));
        for (palette, pairs) in [
            (Palette::Mono, &[("TERM", "xterm-256color")][..]),
            (Palette::Light, &[("TERM", "xterm-256color")]),
            (Palette::Dark, &[("TERM", "linux")]),
            (Palette::Dark, &[("TERM", "xterm"), ("COLORFGBG", "15;0")]),
            (Palette::Dark, &[]),
        ] {
            let var = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert!(!asks_background(palette, &var), "{pairs:?}");
        }
    }

    #[test]
    fn uses_ascii_without_utf8() {
        assert_eq!(symbols(&with(&[("LANG", "zh_CN.GB18030")])), SymbolSet::Ascii);
        assert_eq!(symbols(&with(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")])), SymbolSet::Ascii);
        assert_eq!(symbols(&with(&[("LANG", "de_DE.utf8")])), SymbolSet::Unicode);
        assert_eq!(symbols(&with(&[])), SymbolSet::Unicode);
    }
}
