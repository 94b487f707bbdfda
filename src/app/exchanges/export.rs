//! The selected exchange in the form of another tool, for the clipboard or a file: secrets masked, always.

use crate::app::exchanges::copy::MAX_CLIPBOARD_BODY_BYTES;
use crate::app::popups::PickerKind;
use crate::app::{Action, App, Effect, Notice};
use crate::exchange::Exchange;
use crate::export::{self, Format, Secrets};

impl App {
    /// Opens the list of forms, if there is an exchange to give one.
    pub(in crate::app) fn open_export(&mut self, subject: PickerKind) {
        match self.log.selected() {
            Some(_) => self.open_picker(subject),
            None => self.notify(Notice::warning("nothing was sent yet")),
        }
    }

    pub(in crate::app) fn copy_as(&mut self, name: &str) {
        match self.exported(name).map(|(_, bytes)| String::from_utf8(bytes)) {
            Ok(Ok(text)) if text.len() <= MAX_CLIPBOARD_BODY_BYTES && !text.contains('\0') => self.effects.push(Effect::Copy(text)),
            Ok(Ok(_)) => self.notify(self.too_much("too long for the clipboard", Action::WriteAs)),
            Ok(Err(_)) => self.notify(self.too_much("not a text", Action::WriteAs)),
            Err(notice) => self.notify(notice),
        }
    }

    pub(in crate::app) fn write_as(&mut self, name: &str) {
        match self.exported(name) {
            Ok((name, bytes)) => self.effects.push(Effect::Write { name, bytes }),
            Err(notice) => self.notify(notice),
        }
    }

    /// Returns the selected exchange in the form of this name, and a name for its file.
    fn exported(&self, name: &str) -> Result<(String, Vec<u8>), Notice> {
        let exchange = self.log.selected().ok_or_else(|| Notice::warning("nothing was sent yet"))?;
        let format = Format::named(name).ok_or_else(|| Notice::failure(format!("there is no format {name}")))?;
        let bytes = self.given_form(format, exchange)?;
        let number = exchange.id.to_string();
        Ok((format!("{}-{}.{}", exchange.provider, number.trim_start_matches('#'), format.ending()), bytes))
    }

    fn given_form(&self, format: Format, exchange: &Exchange) -> Result<Vec<u8>, Notice> {
        let provider = self.provider_of(exchange).ok_or_else(|| Notice::warning("the catalog is still being read"))?;
        let operation = provider.operation(&exchange.operation).map(|operation| &**operation);
        let subject = export::ExportInput { provider, operation, exchange, secrets: Secrets::Masked(&self.redactor) };
        export::render(format, &subject).map_err(|error| Notice::failure(error.to_string()))
    }
}
