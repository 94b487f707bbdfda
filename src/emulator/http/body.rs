//! The body of a request, read within bounds.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;

use super::budget::{BudgetReservation, UNCOUNTED_BODY_BYTES};
use crate::wire::Request;

/// The largest body that is taken: what Huawei Cloud documents for signed requests.
const MAX_BODY_BYTES: usize = 12 << 20;

/// The most that is read of a larger body and discarded, so that the client gets to read why.
const MAX_DISCARDED_BYTES: usize = 64 << 20;

/// The result of reading a body.
pub(crate) enum Body {
    /// All of it.
    Whole(Bytes),
    /// More than [`MAX_BODY_BYTES`].
    TooLarge,
    /// The bodies of all requests take too much together.
    NoRoom,
    /// It breaks off.
    Broken,
}

/// Reads a body, as far as there is room for it.
pub(crate) async fn read(mut body: impl BodyExt<Data = Bytes> + Unpin, request: &Request, share: &mut BudgetReservation<'_>) -> Body {
    let declared = request.headers.get_str("content-length").and_then(|length| length.parse().ok()).unwrap_or(0_u64);
    // A client that asks first gets its answer before it sends.
    if declared > MAX_BODY_BYTES as u64 && request.headers.contains("expect") {
        return Body::TooLarge;
    }
    let (mut whole, mut length) = (BytesMut::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Body::Broken };
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length > MAX_DISCARDED_BYTES {
            break;
        }
        if length <= MAX_BODY_BYTES {
            if !share.grow_to(length.saturating_sub(UNCOUNTED_BODY_BYTES)) {
                return Body::NoRoom;
            }
            whole.extend_from_slice(&data);
        }
    }
    if length > MAX_BODY_BYTES { Body::TooLarge } else { Body::Whole(whole.freeze()) }
}
