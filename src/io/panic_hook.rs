//! What is said when a mistake of ours ends the program: where it was made, and the system's words for it with secrets masked. Those words may
//! hold whatever was at hand: a text that was cut in the middle of a character, an error that nobody expected.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::{Mutex, Once};

use crate::redact::Redactor;
use crate::secret::Secret;
use crate::visible::visible;

/// The redactor for panics. It belongs to the process: whatever goes wrong anywhere is reported in one place.
static KNOWN: Mutex<Option<Redactor>> = Mutex::new(None);

/// Masks values from now on.
pub fn learn<'a>(secrets: impl IntoIterator<Item = &'a Secret>) {
    if let Ok(mut known) = KNOWN.lock() {
        secrets.into_iter().for_each(|secret| known.get_or_insert_default().learn(secret));
    }
}

/// Has every panic of this process reported with secrets masked. Once is enough.
pub fn report_masked() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| panic::set_hook(Box::new(|mistake| drop(report(mistake, &mut io::stderr())))));
}

fn report(mistake: &PanicHookInfo<'_>, to: &mut impl Write) -> io::Result<()> {
    let place = mistake.location().map(ToString::to_string).unwrap_or_default();
    writeln!(to, "\nskydeck: a mistake of ours at {place}: {}", visible(&panic_message(mistake)))?;
    let trace = Backtrace::capture();
    if trace.status() == BacktraceStatus::Captured { writeln!(to, "{trace}") } else { Ok(()) }
}

/// Returns the words, masked. Where it is not known what to mask (the mistake was made while that was written down), there are none.
fn panic_message(mistake: &PanicHookInfo<'_>) -> String {
    let payload = mistake.payload();
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    match (text, KNOWN.try_lock()) {
        (Some(text), Ok(known)) => known.as_ref().unwrap_or(&Redactor::default()).text(text),
        _ => "(no words)".to_owned(),
    }
}
