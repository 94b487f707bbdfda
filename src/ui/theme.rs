//! Colours: roles of the app and parts of the screen, read from `assets/themes`.

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use crate::app::Tone;
use crate::app::page::Role;

const DARK: &str = include_str!("../../assets/themes/dark.toml");
const LIGHT: &str = include_str!("../../assets/themes/light.toml");
const MONO: &str = include_str!("../../assets/themes/mono.toml");

/// A colour palette.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Palette {
    /// For a dark terminal.
    #[default]
    Dark,
    /// For a light terminal.
    Light,
    /// No colour.
    Mono,
}

/// The terminal's colour depth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// 24 bits.
    #[default]
    True,
    /// The 16 that every terminal has.
    Basic,
}

/// The character set that the terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SymbolSet {
    /// Lines and marks of Unicode.
    #[default]
    Unicode,
    /// ASCII alone, for terminals and locales where box-drawing signs take two columns or none.
    Ascii,
}

/// The styles of the screen.
#[derive(Clone, Debug)]
pub struct Theme {
    /// The characters that may be used.
    pub symbols: SymbolSet,
    depth: Depth,
    styles: Styles,
}

#[derive(Clone, Debug, Default)]
struct Styles {
    roles: [Style; 16],
    parts: [Style; 9],
}

/// Parts of the screen with a look of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Lines between panes.
    Rule,
    /// The field that is typed into.
    Surface,
    /// The selected row of the pane that has the focus.
    Selected,
    /// The selected row of another pane.
    SelectedElsewhere,
    /// The mark of the demo profile.
    Demo,
    /// The mark of a profile.
    Profile,
    /// The mark of a profile with a guard.
    Guarded,
    /// The title of the pane that has the focus.
    Focus,
    /// The name of the field that has the focus.
    FocusField,
}

/// A theme's file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    text: StyleEntry,
    dim: StyleEntry,
    heading: StyleEntry,
    label: StyleEntry,
    accent: StyleEntry,
    failure: StyleEntry,
    #[serde(rename = "doubt")]
    warning: StyleEntry,
    success: StyleEntry,
    key: StyleEntry,
    string: StyleEntry,
    number: StyleEntry,
    literal: StyleEntry,
    punctuation: StyleEntry,
    #[serde(rename = "covered")]
    masked: StyleEntry,
    found: StyleEntry,
    found_here: StyleEntry,
    rule: StyleEntry,
    surface: StyleEntry,
    selected: StyleEntry,
    selected_elsewhere: StyleEntry,
    demo: StyleEntry,
    profile: StyleEntry,
    guarded: StyleEntry,
    focus: StyleEntry,
    focus_field: StyleEntry,
}

/// One entry of a theme's file.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[allow(clippy::struct_excessive_bools)] // each is an attribute of its own
struct StyleEntry {
    r#true: Option<Hex>,
    background: Option<Hex>,
    basic: Option<Name>,
    basic_background: Option<Name>,
    bold: bool,
    faint: bool,
    underline: bool,
    reverse: bool,
}

/// A 24-bit colour: `#rrggbb`.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "&str")]
struct Hex(Color);

impl TryFrom<&str> for Hex {
    type Error = String;

    fn try_from(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a colour: #rrggbb");
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or_else(wrong)?;
        u32::from_str_radix(digits, 16).map(|rgb| Self(Color::from_u32(rgb))).map_err(|_| wrong())
    }
}

/// One of the 16 colours.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Name {
    Black,
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
    White,
    BrightBlack,
    BrightRed,
    BrightGreen,
    BrightYellow,
    BrightCyan,
}

impl From<Name> for Color {
    fn from(name: Name) -> Self {
        match name {
            Name::Black => Self::Black,
            Name::Red => Self::Red,
            Name::Green => Self::Green,
            Name::Yellow => Self::Yellow,
            Name::Blue => Self::Blue,
            Name::Magenta => Self::Magenta,
            Name::Cyan => Self::Cyan,
            Name::White => Self::Gray,
            Name::BrightBlack => Self::DarkGray,
            Name::BrightRed => Self::LightRed,
            Name::BrightGreen => Self::LightGreen,
            Name::BrightYellow => Self::LightYellow,
            Name::BrightCyan => Self::LightCyan,
        }
    }
}

impl StyleEntry {
    fn style(&self, depth: Depth) -> Style {
        let (front, back) = match depth {
            Depth::True => (self.r#true.map(|hex| hex.0), self.background.map(|hex| hex.0)),
            Depth::Basic => (self.basic.map(Color::from), self.basic_background.map(Color::from)),
        };
        let mut style = Style { fg: front, bg: back, ..Style::default() };
        // A field must be seen where the terminal's background is the only one.
        let underline = self.underline && (depth == Depth::Basic || back.is_none());
        for (wanted, modifier) in [
            (self.bold, Modifier::BOLD),
            (self.faint, Modifier::DIM),
            (underline, Modifier::UNDERLINED),
            (self.reverse, Modifier::REVERSED),
        ] {
            if wanted {
                style = style.add_modifier(modifier);
            }
        }
        style
    }
}

impl Theme {
    /// Creates the theme of a palette. The built-in files are checked by test, so that a mistake in one cannot reach an operator;
    /// should one all the same, everything has the terminal's own colour.
    pub fn new(palette: Palette, depth: Depth, symbols: SymbolSet) -> Self {
        let text = match palette {
            Palette::Dark => DARK,
            Palette::Light => LIGHT,
            Palette::Mono => MONO,
        };
        let styles = toml::from_str::<File>(text).map(|file| styles(&file, depth)).unwrap_or_default();
        Self { symbols, depth, styles }
    }

    /// Returns the same for a light terminal.
    #[must_use]
    pub fn on_light(&self) -> Self {
        Self::new(Palette::Light, self.depth, self.symbols)
    }

    /// Returns how a role looks.
    pub fn role(&self, role: Role) -> Style {
        self.styles.roles[role as usize]
    }

    /// Returns how a part of the screen looks.
    pub fn part(&self, part: Part) -> Style {
        self.styles.parts[part as usize]
    }

    /// Returns how a notice looks.
    pub fn tone(&self, tone: Tone) -> Style {
        self.role(match tone {
            Tone::Done => Role::Success,
            Tone::Warning => Role::Warning,
            Tone::Failure => Role::Failure,
        })
    }
}

/// Returns the styles in the order of [`Role`] and [`Part`].
fn styles(file: &File, depth: Depth) -> Styles {
    let roles = [
        &file.text,
        &file.dim,
        &file.heading,
        &file.label,
        &file.accent,
        &file.failure,
        &file.warning,
        &file.success,
        &file.key,
        &file.string,
        &file.number,
        &file.literal,
        &file.punctuation,
        &file.masked,
        &file.found,
        &file.found_here,
    ];
    let parts = [
        &file.rule,
        &file.surface,
        &file.selected,
        &file.selected_elsewhere,
        &file.demo,
        &file.profile,
        &file.guarded,
        &file.focus,
        &file.focus_field,
    ];
    Styles { roles: roles.map(|look| look.style(depth)), parts: parts.map(|look| look.style(depth)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_file() {
        for text in [DARK, LIGHT, MONO] {
            assert!(toml::from_str::<File>(text).is_ok(), "{:?}", toml::from_str::<File>(text).err());
        }
    }

    #[test]
    fn mono_sets_no_colour() {
        let theme = Theme::new(Palette::Mono, Depth::True, SymbolSet::Unicode);
        let all = theme.styles.roles.iter().chain(&theme.styles.parts);
        assert!(all.into_iter().all(|style| style.fg.is_none() && style.bg.is_none()));
        for part in [Part::Selected, Part::Focus, Part::FocusField] {
            assert!(theme.part(part).add_modifier.contains(Modifier::REVERSED), "{part:?}");
        }
    }

    #[test]
    fn roles_stand_in_their_order() {
        let theme = Theme::new(Palette::Dark, Depth::Basic, SymbolSet::Unicode);
        assert_eq!(theme.role(Role::Failure).fg, Some(Color::LightRed));
        assert_eq!(theme.role(Role::Masked).fg, Some(Color::Yellow));
        assert_eq!(theme.part(Part::Guarded).bg, Some(Color::Yellow));
    }
}
