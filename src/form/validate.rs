//! Checking a form against the rules of its operation.

use super::{Finding, Form};

/// What rules may refer to besides the values.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The region that the call goes to.
    pub region: &'a str,
}

/// Everything wrong or doubtful, in the order of the form; none means that it can be sent.
pub fn validate(_form: &Form, _context: Context<'_>) -> Vec<Finding> {
    unimplemented!()
}
