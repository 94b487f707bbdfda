//! The published demo credentials: accepted when no others are named. They are no secrets: they open nothing but the emulator.

use super::{AcceptedKey, AcceptedUser};
use crate::auth::{AccessKey, Login, Project};
use crate::catalog::Vendor;
use crate::secret::Secret;

/// An access key pair of the demo, and the account it belongs to.
struct Pair {
    vendor: Vendor,
    id: &'static str,
    secret: &'static str,
    owner: &'static str,
}

/// A user of the demo.
struct User {
    vendor: Vendor,
    domain: &'static str,
    project: &'static str,
}

const USER_NAME: &str = "demo";
const PASSWORD: &str = "Skydeck-Demo-1";

const PAIRS: [Pair; 4] = [
    Pair { vendor: Vendor::Alibaba, id: "LTAI5tSkydeckDemoKey0001", secret: "SkydeckDemoSecretAlibaba000001", owner: "skydeck-demo" },
    Pair {
        vendor: Vendor::Volcengine,
        id: "AKLTSkydeckDemoKey00000000000000000000000000001",
        secret: "SkydeckDemoSecretVolcengine000000000000000001",
        owner: "skydeck-demo",
    },
    Pair {
        vendor: Vendor::Huawei,
        id: "SKYDECKDEMOHUAWEI001",
        secret: "SkydeckDemoSecretHuawei0000000000000001",
        owner: "skydeck-demo-eu",
    },
    Pair {
        vendor: Vendor::Otc,
        id: "SKYDECKDEMOOTCKEY001",
        secret: "SkydeckDemoSecretOtc0000000000000000001",
        owner: "OTC-EU-DE-00000000001000000DEMO",
    },
];

const USERS: [User; 2] = [
    User { vendor: Vendor::Huawei, domain: "skydeck-demo-eu", project: "eu-west-101" },
    User { vendor: Vendor::Otc, domain: "OTC-EU-DE-00000000001000000DEMO", project: "eu-de" },
];

/// Returns the demo's key pair of a vendor.
pub fn access_key(vendor: Vendor) -> AccessKey {
    let pair = PAIRS.iter().find(|pair| pair.vendor == vendor).unwrap_or(&PAIRS[0]);
    AccessKey { id: pair.id.to_owned(), secret: Secret::new(pair.secret), token: None, project_id: None }
}

/// Returns the demo's user of a vendor, where the vendor has a token service. The token service is the emulator's own port, so the caller sets `endpoint`.
pub fn login(vendor: Vendor) -> Option<Login> {
    USERS.iter().find(|user| user.vendor == vendor).map(|user| Login {
        user: USER_NAME.to_owned(),
        password: Secret::new(PASSWORD),
        domain: user.domain.to_owned(),
        project: Project::Name(user.project.to_owned()),
        endpoint: None,
    })
}

/// Returns every key pair of the demo.
pub(super) fn keys() -> Vec<AcceptedKey> {
    PAIRS.iter().map(|pair| AcceptedKey { key: access_key(pair.vendor), owner: pair.owner.to_owned() }).collect()
}

/// Returns every user of the demo.
pub(super) fn users() -> Vec<AcceptedUser> {
    let accepted = |user: &User| AcceptedUser {
        name: USER_NAME.to_owned(),
        password: Secret::new(PASSWORD),
        domain: user.domain.to_owned(),
        project: user.project.to_owned(),
    };
    USERS.iter().map(accepted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::KeyShape;

    #[test]
    fn keys_have_their_vendors_shape() {
        assert_eq!(KeyShape::detect(&access_key(Vendor::Alibaba).id), Some(KeyShape::Alibaba));
        assert_eq!(KeyShape::detect(&access_key(Vendor::Volcengine).id), Some(KeyShape::Volcengine));
        for vendor in [Vendor::Huawei, Vendor::Otc] {
            assert_eq!(KeyShape::detect(&access_key(vendor).id), None);
            assert_eq!(access_key(vendor).id.len(), 20);
            assert!(login(vendor).is_some());
        }
        assert!(login(Vendor::Alibaba).is_none());
    }
}
