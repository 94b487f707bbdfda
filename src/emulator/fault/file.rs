//! A file of faults: one on each line; blank lines and what follows a `#` at a line's begin or after a blank do not count.

/// Returns the faults in a file's text, each with the number of its line, counted from 1.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let bare = text.lines().map(|line| without_comment(line).trim());
    bare.enumerate().map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.is_empty())
}

fn without_comment(line: &str) -> &str {
    let begins = |at: &usize| line[..*at].chars().next_back().is_none_or(char::is_whitespace);
    line.match_indices('#').map(|(at, _)| at).find(begins).map_or(line, |at| &line[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blank_lines_do_not_count() {
        let text = "\u{feff}# all of it\n\n a:503*2  # twice\r\n\t#x\nb:delay=2s#x\n";
        assert_eq!(lines(text).collect::<Vec<_>>(), [(3, "a:503*2"), (5, "b:delay=2s#x")]);
    }
}
