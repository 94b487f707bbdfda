//! What looks wrong with credentials before anything is sent.

use crate::auth::Credentials;
use crate::catalog::Vendor;
use crate::secret::{KeyShape, Secret};

/// Doubts about credentials: white space at an edge, a key of another vendor, a temporary key without its token.
pub(super) fn doubts(credentials: &Credentials, vendor: Vendor) -> Vec<String> {
    let mut doubts: Vec<String> =
        spaced(credentials).into_iter().map(|name| format!("the {name} begins or ends with white space: copied too much?")).collect();
    if let Credentials::AccessKey(key) = credentials {
        doubts.extend(KeyShape::of(&key.id).and_then(|shape| misfit(shape, vendor, key.token.is_some())));
    }
    doubts
}

fn spaced(credentials: &Credentials) -> Vec<&'static str> {
    let edge = |text: &str| text.trim().len() != text.len();
    let parts: Vec<(&'static str, bool)> = match credentials {
        Credentials::AccessKey(key) => vec![
            ("access key id", edge(&key.id)),
            ("secret access key", key.secret.has_edge_space()),
            ("security token", key.token.as_ref().is_some_and(Secret::has_edge_space)),
        ],
        Credentials::Login(login) => {
            vec![("user name", edge(&login.user)), ("password", login.password.has_edge_space()), ("domain name", edge(&login.domain))]
        }
        Credentials::Token(token) => vec![("token", token.has_edge_space())],
    };
    parts.into_iter().filter(|(_, spaced)| *spaced).map(|(name, _)| name).collect()
}

fn misfit(shape: KeyShape, vendor: Vendor, has_token: bool) -> Option<String> {
    if owner(shape) != Some(vendor) {
        return Some(format!("the access key id looks like one of {}, not of {}", shape.vendor(), vendor.title()));
    }
    let temporary = matches!(shape, KeyShape::AlibabaTemporary | KeyShape::VolcengineTemporary);
    (temporary && !has_token).then(|| "the access key id is a temporary one, and there is no security token with it".to_owned())
}

fn owner(shape: KeyShape) -> Option<Vendor> {
    match shape {
        KeyShape::Alibaba | KeyShape::AlibabaTemporary => Some(Vendor::Alibaba),
        KeyShape::Volcengine | KeyShape::VolcengineTemporary => Some(Vendor::Volcengine),
        KeyShape::Aws => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::AccessKey;

    fn key(id: &str, secret: &str) -> Credentials {
        Credentials::AccessKey(AccessKey { id: id.into(), secret: Secret::new(secret), token: None, project_id: None })
    }

    #[test]
    fn points_at_slips() {
        assert!(doubts(&key("LTAI5t", "s"), Vendor::Alibaba).is_empty());
        assert!(doubts(&key("HWDUMMY", "s"), Vendor::Huawei).is_empty());
        assert_eq!(doubts(&key("LTAI5t", "s"), Vendor::Huawei), ["the access key id looks like one of Alibaba Cloud, not of Huawei Cloud"]);
        assert_eq!(doubts(&key("LTAI5t\n", "s "), Vendor::Alibaba).len(), 2);
        assert_eq!(doubts(&key("STS.x", "s"), Vendor::Alibaba).len(), 1);
    }
}
