//! `NAME=VALUE` and `NAME:=JSON`.

use skydeck::form::{Assignment, AssignmentError, Form, Value, assign};

use super::{empty, findings, json, list, rows, text};

fn assigned(arguments: &[&str]) -> Result<Form, AssignmentError> {
    let assignments = arguments.iter().map(|argument| Assignment::parse(argument)).collect::<Result<Vec<_>, _>>()?;
    let mut form = empty();
    assign(&mut form, &assignments)?;
    Ok(form)
}

fn value(name: &str, arguments: &[&str]) -> Value {
    assigned(arguments).unwrap().value(name).unwrap().clone()
}

fn wrong(arguments: &[&str]) -> String {
    assigned(arguments).unwrap_err().to_string()
}

#[test]
fn reads_arguments() {
    let parsed = |argument| Assignment::parse(argument).unwrap();
    assert_eq!(parsed("A=b"), Assignment::Text("A".into(), "b".into()));
    assert_eq!(parsed("A="), Assignment::Text("A".into(), String::new()));
    assert_eq!(parsed("A=b:=c=d"), Assignment::Text("A".into(), "b:=c=d".into()));
    assert_eq!(parsed("A:=[1]"), Assignment::Json("A".into(), "[1]".into()));
    for argument in ["", "A", "=b", ":=1", "A:1"] {
        assert_eq!(Assignment::parse(argument).unwrap_err().to_string(), format!("`{argument}` is not NAME=VALUE (or NAME:=JSON)"));
    }
}

#[test]
fn converts_a_text_to_its_parameters_type() {
    assert_eq!(value("Label", &["Label=a b"]), text("a b"));
    assert_eq!(value("Label", &["Label="]), text(""));
    assert_eq!(value("Size", &["Size=5"]), text("5"));
    assert_eq!(value("Enabled", &["Enabled=True"]), Value::Flag(true));
    assert_eq!(value("Enabled", &["Enabled=yes"]), text("yes"));
    assert_eq!(value("Zones", &["Zones=zone-a", "Label=x", "Zones=zone-b"]), list(&["zone-a", "zone-b"]));
    assert_eq!(value("Tags", &["Tags:=[{\"Key\": \"a\"}]"]), json("[{\"Key\": \"a\"}]"));
}

#[test]
fn objects_can_be_written_as_members() {
    assert_eq!(value("Tags", &["Tags=Key=env,Value=prod", "Tags=Key=a"]), rows(&[&[("Key", "env"), ("Value", "prod")], &[("Key", "a")]]));
    assert_eq!(value("Tags", &["Tags=Key=env,Value=a,b = c,"]), rows(&[&[("Key", "env"), ("Value", "a,b = c,")]]));
    assert_eq!(value("Filter", &["Filter=Id=1,Name="]), rows(&[&[("Id", "1"), ("Name", "")]]));
    assert_eq!(value("Tags", &["Tags=env"]), text("env"));
    let findings = findings(&assigned(&["ThingId=t", "PartId=1", "Enabled=true", "Tags=Key=env,Vlaue=prod"]).unwrap());
    assert_eq!(findings[0].message, "there is no member \"Vlaue\": did you mean Value?");
}

#[test]
fn says_what_does_not_fit() {
    assert_eq!(wrong(&["lable=x"]), "UpdateThing has no parameter `lable`: did you mean Label?");
    assert_eq!(wrong(&["Qqqq=x"]), "UpdateThing has no parameter `Qqqq`");
    assert_eq!(wrong(&["Label=a", "Label=b"]), "Label is given twice, and is not a list");
    assert_eq!(wrong(&["Filter=Id=1", "Filter=Name=x"]), "Filter is given twice, and is not a list");
    assert_eq!(wrong(&["Zones=zone-a", "Zones:=[]"]), "Zones is given as JSON and once more: JSON gives the whole list");
    assert_eq!(wrong(&["Filter=Id=1,Name=x,Id=2"]), "Filter: Id is given twice in `Id=1,Name=x,Id=2`");
    assert!(wrong(&["Zones:=[zone-a]"]).starts_with("Zones: not JSON: "), "{}", wrong(&["Zones:=[zone-a]"]));
}

#[test]
fn replaces_one_value_and_keeps_the_others() {
    let mut form = empty();
    form.set("Zones", list(&["zone-c"]));
    form.set("Label", text("kept"));
    assign(&mut form, &[Assignment::parse("Zones=zone-a").unwrap()]).unwrap();
    assert_eq!((form.value("Zones"), form.value("Label")), (Some(&list(&["zone-a"])), Some(&text("kept"))));
}
