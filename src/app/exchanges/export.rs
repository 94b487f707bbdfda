//! An exchange in the form of another tool, for the clipboard or a file: secrets masked, always.

use super::ExchangeContext;
use crate::app::keys::{Action, KeyMap};
use crate::app::message::{Effect, Notice};
use crate::exchange::Exchange;
use crate::export::{self, Format, Secrets};

/// Longer texts are not copied to the clipboard: terminals take no more.
pub(in crate::app) const MAX_CLIPBOARD_BYTES: usize = 64 << 10;

/// Returns the effect that copies an exchange in a format, or writes it to a file.
///
/// # Errors
/// A notice that says why it cannot be had so.
pub(in crate::app) fn export(subject: ExchangeContext<'_>, format: &str, to_file: bool) -> Result<Effect, Notice> {
    let exchange = subject.exchange;
    let format = Format::named(format).ok_or_else(|| Notice::failure(format!("there is no format {format}")))?;
    let provider =
        subject.tab.and_then(|(tab, _)| tab.provider.as_deref()).ok_or_else(|| Notice::warning("the catalog is still being read"))?;
    let operation = provider.operation(&exchange.operation).map(|operation| &**operation);
    let input = export::ExportInput { provider, operation, exchange, secrets: Secrets::Masked(&subject.session.redactor) };
    let bytes = export::render(format, &input).map_err(|error| Notice::failure(error.to_string()))?;
    if to_file {
        return Ok(Effect::Write { name: format!("{}.{}", file_stem(exchange), format.file_extension()), bytes });
    }
    let keys = &subject.session.keys;
    match String::from_utf8(bytes) {
        Ok(text) if text.len() <= MAX_CLIPBOARD_BYTES && !text.contains('\0') => Ok(Effect::Copy(text)),
        Ok(_) => Err(too_much("too long for the clipboard", Action::WriteAs, keys)),
        Err(_) => Err(too_much("not a text", Action::WriteAs, keys)),
    }
}

/// Returns a notice on something that the clipboard does not take, with the key that writes it to a file.
pub(in crate::app) fn too_much(reason: &str, write: Action, keys: &KeyMap) -> Notice {
    Notice::warning(format!("{reason}: {} writes it to a file", keys.hint(write)))
}

/// Returns the name of an exchange's file, without an ending: `alibaba-sae-17`.
pub(in crate::app) fn file_stem(exchange: &Exchange) -> String {
    format!("{}-{}", exchange.provider, exchange.id.to_string().trim_start_matches('#'))
}
