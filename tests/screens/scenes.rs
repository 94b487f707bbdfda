//! The states of the console that are looked at.

use std::sync::mpsc::channel;

use skydeck::app::Message;
use skydeck::app::message::Question;
use skydeck::app::viewer::{End, Limit};
use skydeck::exchange::{Exchange, ExchangeId, Failure, FailureClass, Outcome};
use skydeck::wire::{Headers, Response};

use super::stage::Stage;

/// A scene: its name, and what leads to it from the start.
pub struct Scene {
    pub name: &'static str,
    keys: &'static str,
    play: fn(&mut Stage),
}

impl Scene {
    /// Plays it on a screen of this size.
    pub fn on(&self, width: u16, height: u16) -> Stage {
        let mut stage = Stage::sized(width, height);
        stage.keys(self.keys);
        (self.play)(&mut stage);
        stage
    }
}

/// The scene of this name.
pub fn scene(name: &str) -> &'static Scene {
    SCENES.iter().find(|scene| scene.name == name).unwrap()
}

const fn keyed(name: &'static str, keys: &'static str) -> Scene {
    Scene { name, keys, play: |_| {} }
}

const fn played(name: &'static str, play: fn(&mut Stage)) -> Scene {
    Scene { name, keys: "", play }
}

/// Every scene.
pub const SCENES: &[Scene] = &[
    keyed("start", ""),
    keyed("error", "orders<tab>or_ders"),
    played("table", |stage| {
        stage.keys("<a-3>orders<tab>Agents of order intake<tab><tab>env<tab>prod<c-n>team<tab>orders<tab>tom<c-n>jerry<s-tab>");
    }),
    keyed("ticks", "<a-2>orders<tab>Orders, staging<tab><right> "),
    keyed("doubt", "orders<tab>Or_ders<c-s>"),
    keyed("confirm", "orders<tab>orders<esc>pproduction<enter><c-s>produ"),
    played("question", |stage| {
        let (answer, _) = channel();
        stage.notify(Message::Ask(Question {
            text: "Password of demo at https://iam.eu-de.otc.t-systems.com".into(),
            masked: true,
            answer,
        }));
        stage.keys("secret");
    }),
    keyed("help", "<esc>?"),
    keyed("field", "<tab><f1>"),
    keyed("success", "orders<tab>orders<c-s>"),
    keyed("failure", "orders<tab>or_ders<c-s>a<esc>x"),
    keyed("response", "orders<tab>orders<c-s><esc>x<right><right>"),
    keyed("request", "<a-4>team-a<c-s><esc>x<right>"),
    keyed("signing", "<a-3>orders<c-s><esc>x<right><right><right>z"),
    played("wrong-secret", |stage| {
        stage.with_secret("a-secret-of-yesterday").keys("orders<tab>orders<c-s><esc>x<right><right><right>z");
    }),
    played("signature-changed", |stage| {
        stage.vendor.proxy = Some(|request| request.headers.set("host", "sae.cn-hangzhou.aliyuncs.com:8443"));
        stage.keys("orders<tab>orders<c-s><esc>x<right><right><right>z");
    }),
    played("signature-refused", |stage| {
        stage.with_secret("a-secret-of-yesterday").keys("orders<tab>orders<c-s><esc>x");
    }),
    played("laboratory", |stage| {
        stage.keys("<a-3>orders<c-s><esc>L");
        let request = &stage.newest().request;
        let text = [request.head(), request.body.to_vec()].concat();
        stage.paste(&String::from_utf8(text).unwrap().replacen("POST", "PUT", 1));
    }),
    keyed("laboratory-empty", "<esc>L"),
    keyed("timing", "orders<tab>orders<c-s><esc>x<left><left>"),
    keyed("explain", "orders<tab>or_ders<c-s>a<esc>x<left>"),
    played("explain-clock", |stage| {
        stage.keys("orders<tab>orders").send_for(late()).keys("<esc>x<left>");
    }),
    played("explain-permission", |stage| {
        stage.keys("orders<tab>orders").send_for(denied()).keys("<esc>x<left>z");
    }),
    keyed("picker", "<esc>rcn-"),
    keyed("chinese", "订单服务（预发布）<tab>orders<tab>订单受理与命名空间的说明，供预发布环境使用<c-s>"),
    played("long", |stage| {
        let long = "a-very-long-value-that-is-wider-than-the-field-".repeat(4);
        stage.keys(&format!("{long}<tab>{}<tab>{long}<s-tab>", "a1".repeat(20)));
    }),
    keyed("compare", "orders<tab>orders<c-s>1<c-s><esc>l=k="),
    keyed("searching", "orders<tab>orders<c-s><esc>x<right><right>/orders"),
    keyed("found", "orders<tab>orders<c-s><esc>x<right><right>/orders<enter>n"),
    keyed("folded", "orders<tab>orders<c-s><esc>x<right><right>:Data<enter><enter>#"),
    keyed("path", "orders<tab>orders<c-s><esc>x<right><right>:Data.name"),
    keyed("jq", "orders<tab>orders<c-s><esc>x<right><right>J.Data | {id: .NamespaceId, region: .RegionId}, keys<enter>"),
    keyed("jq-mistake", "orders<tab>orders<c-s><esc>x<right><right>J.Data.<bs> | lenght"),
    played("jq-stopped", |stage| {
        stage.keys("orders<tab>orders<c-s><esc>x<right><right>J");
        stage.stopped = Some(End::Stopped(Limit::Time(2)));
        stage.paste("repeat(.RequestId)").keys("<enter>");
    }),
    keyed("jq-empty", "orders<tab>orders<c-s><esc>x<right><right>J"),
    keyed("cut", "orders<tab>or_ders<c-s>a<esc>x<right><right>\\#"),
    played("binary", |stage| {
        stage.keys("orders<tab>orders").send_for(packed()).keys("<esc>x<right><right>");
    }),
    keyed("log-empty", "<esc>l"),
    played("log", log),
    played("in-flight", |stage| {
        stage.hold = true;
        stage.keys("orders<tab>orders<c-s><a-5>team-a<c-s>");
    }),
    played("no-answer", |stage| {
        stage.keys("orders<tab>orders<c-s>");
        let refused = failure(stage.newest().clone());
        stage.notify(Message::Finished { exchange: Box::new(refused) });
        stage.keys("<esc>x");
    }),
    keyed("resources-empty", "<f2>"),
    played("resources", |stage| {
        stage.app.session.follow_changes = true;
        stage.keys("orders<tab>orders<tab>Order intake<c-s><s-tab><c-u>stock<s-tab><c-u>订单服务（预发布）<c-s><f2>s");
    }),
    played("resources-filter", |stage| {
        stage.app.session.follow_changes = true;
        stage.keys("<a-3>orders<c-s>2<c-s>3<c-s><esc>R/23");
    }),
    played("there-it-is", |stage| {
        stage.app.session.follow_changes = true;
        stage.keys("<a-2>orders_dev<tab>Order forecasting<tab><right> <c-s>");
    }),
    played("following", |stage| {
        stage.app.session.follow_changes = true;
        stage.keys("<a-2>orders_dev<tab>Order forecasting<tab><right> <c-s><f2>");
    }),
    played("resources-failed", |stage| {
        stage.vendor.next = Some(web_page());
        stage.keys("<f2>");
    }),
    keyed("faults-none", "<esc>!"),
    keyed("faults", "orders<tab>orders<f4>athrottling.user<enter>*2<enter>adrip<enter><enter>"),
    keyed("fault-picker", "orders<f4>anamespace id"),
    keyed("fault-draft", "orders<f4>athrottling.user<enter>"),
    keyed("fault-refused", "orders<f4>athrottling.user<enter>*x<enter>"),
    keyed("fault-struck", "orders<tab>orders<f4>athrottling.user<enter>@<bs><bs>2<enter><esc><c-s>"),
    keyed("server-clock", "orders<tab>orders<f4>aclock<enter><enter><esc><c-s><esc>xC"),
    played("foreign", |stage| {
        stage.keys("orders<tab>orders").send_for(web_page()).keys("<esc>x");
    }),
];

/// An answer that is no text.
fn packed() -> Response {
    Response {
        version: "HTTP/1.1".into(),
        status: 200,
        reason: "OK".into(),
        headers: Headers::from_iter([("content-type", "application/octet-stream")]),
        body: [b"\x1f\x8b\x08\0\0\0\0\0\x02\xff".as_slice(), &(0..=255).collect::<Vec<u8>>()].concat().into(),
        excess: 0,
    }
}

/// Calls to every provider, some of them refused.
fn log(stage: &mut Stage) {
    stage.keys("orders<tab>or_ders<c-s>a<left><left><left><left><bs><c-s><c-s>");
    stage.keys("<a-2><esc>a<c-s>i<a-3>orders<c-s><a-4>team-a<c-s><a-5>team-a<c-s><c-s>");
    stage.keys("<esc>lk");
}

fn failure(exchange: Exchange) -> Exchange {
    let failure = Failure {
        class: FailureClass::Refused,
        detail: "tcp connect error: Connection refused (os error 111)".to_owned(),
        hint: "nothing listens on 127.0.0.1:40113: check host and port, and whether the server runs".to_owned(),
        partial: None,
    };
    Exchange { id: ExchangeId(2), outcome: Outcome::Failed(failure), ..exchange }
}

/// The clock is an hour behind the vendor's.
fn late() -> Response {
    Response {
        version: "HTTP/1.1".into(),
        status: 400,
        reason: "Bad Request".into(),
        headers: Headers::from_iter([("content-type", "application/json"), ("date", "Sun, 22 Nov 2026 13:01:00 GMT")]),
        body: r#"{"RequestId":"91F93257-7A4A-4BD3-9A7E-2F6EAE6D1B2C","Code":"InvalidTimeStamp.Expired","Message":"Specified time stamp or date value is expired."}"#.into(),
        excess: 0,
    }
}

/// The vendor names the action and who may not do it.
fn denied() -> Response {
    Response {
        status: 403,
        reason: "Forbidden".into(),
        headers: Headers::from_iter([("content-type", "application/json"), ("date", "Sun, 22 Nov 2026 12:01:01 GMT")]),
        body: r#"{"RequestId":"91F93257-7A4A-4BD3-9A7E-2F6EAE6D1B2C","Code":"NoPermission","Message":"You are not authorized to do this action.","AccessDeniedDetail":{"AuthAction":"sae:CreateNamespace","AuthPrincipalType":"SubUser","AuthPrincipalDisplayName":"orders-deployer","NoPermissionType":"ImplicitDeny"}}"#.into(),
        ..late()
    }
}

fn web_page() -> Response {
    Response {
        version: "HTTP/1.1".into(),
        status: 502,
        reason: "Bad Gateway".into(),
        headers: Headers::from_iter([("content-type", "text/html"), ("server", "proxy.example")]),
        body: "<html><head><title>502 Bad Gateway</title></head><body>The proxy could not reach the server.</body></html>".into(),
        excess: 0,
    }
}
