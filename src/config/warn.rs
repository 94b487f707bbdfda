//! What looks wrong with credentials before anything is sent.

use crate::auth::Credentials;
use crate::catalog::Vendor;
use crate::secret::KeyShape;

/// Returns warnings about credentials: white space, a key of another vendor, a temporary key without its token.
pub(super) fn warnings(credentials: &Credentials, vendor: Vendor) -> Vec<String> {
    let mut warnings: Vec<String> =
        credentials.spaced().into_iter().map(|name| format!("the {name} has white space around or in it: copied too much?")).collect();
    if let Credentials::AccessKey(key) = credentials {
        warnings.extend(KeyShape::detect(&key.id).and_then(|shape| vendor_mismatch(shape, vendor, key.token.is_some())));
    }
    warnings
}

fn vendor_mismatch(shape: KeyShape, vendor: Vendor, has_token: bool) -> Option<String> {
    if shape.vendor() != vendor.title() {
        return Some(format!("the access key id looks like one of {}, not of {}", shape.vendor(), vendor.title()));
    }
    (shape.is_temporary() && !has_token).then(|| "the access key id is a temporary one, and there is no security token with it".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::AccessKey;
    use crate::secret::Secret;

    fn key(id: &str, secret: &str) -> Credentials {
        Credentials::AccessKey(AccessKey { id: id.into(), secret: Secret::new(secret), token: None, project_id: None })
    }

    #[test]
    fn points_at_slips() {
        assert!(warnings(&key("LTAI5t", "s"), Vendor::Alibaba).is_empty());
        assert!(warnings(&key("HWDUMMY", "s"), Vendor::Huawei).is_empty());
        assert_eq!(
            warnings(&key("LTAI5t", "s"), Vendor::Huawei),
            ["the access key id looks like one of Alibaba Cloud, not of Huawei Cloud"]
        );
        assert_eq!(warnings(&key("LTAI5t\n", "s "), Vendor::Alibaba).len(), 2);
        assert_eq!(warnings(&key("LTAI5t", "one\ntwo"), Vendor::Alibaba).len(), 1);
        assert_eq!(warnings(&key("STS.x", "s"), Vendor::Alibaba).len(), 1);
    }
}
