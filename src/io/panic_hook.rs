//! The report of a panic: where it happened, and its message with secrets masked. That message may hold whatever was at hand: a text that was cut
//! in the middle of a character, an error that nobody expected.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

use super::program_log;
use crate::redact::SecretRegistry;
use crate::visible::visible;

/// Has every panic of this process reported with secrets masked. Once is enough.
pub fn report_masked(secrets: SecretRegistry) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| panic::set_hook(Box::new(move |mistake| drop(report(mistake, &secrets, &mut io::stderr())))));
}

fn report(mistake: &PanicHookInfo<'_>, secrets: &SecretRegistry, to: &mut impl Write) -> io::Result<()> {
    let place = mistake.location().map(ToString::to_string).unwrap_or_default();
    let message = panic_message(mistake, secrets);
    tracing::error!(place, message, "panic");
    writeln!(to, "\nskydeck: a mistake of ours at {place}: {}", visible(&message))?;
    if let Some(path) = program_log::path() {
        writeln!(to, "details in {}", path.display())?;
    }
    let trace = Backtrace::capture();
    if trace.status() == BacktraceStatus::Captured { writeln!(to, "{trace}") } else { Ok(()) }
}

/// Returns the message, masked; none where the panic came while what to mask was being replaced.
fn panic_message(mistake: &PanicHookInfo<'_>, secrets: &SecretRegistry) -> String {
    let payload = mistake.payload();
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    match (text, secrets.try_redactor()) {
        (Some(text), Some(redactor)) => redactor.text(text),
        _ => "(no words)".to_owned(),
    }
}
