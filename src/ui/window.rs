//! A text that is wider than its place, scrolled sideways.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Returns the part of a text that stands in `width` columns from column `scroll` on.
pub fn window(text: &str, scroll: usize, width: usize) -> String {
    let mut column = 0;
    let mut out = String::new();
    for grapheme in text.graphemes(true) {
        let end = column + grapheme.width();
        if column >= scroll && end <= scroll + width {
            out.push_str(grapheme);
        } else if column < scroll && end > scroll {
            out.push(' '); // half of a wide character that the edge cuts
        }
        column = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_splits_a_wide_character() {
        assert_eq!(window("命名空间", 0, 5), "命名");
        assert_eq!(window("命名空间", 1, 5), " 名空");
        assert_eq!(window("abcdef", 2, 3), "cde");
    }
}
